#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Makes the chapters' branches in a clone of its own; builds, boots and tests
# what each of them holds. The suites that take longest try the same code as on
# the main branch, where they run in full.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
clone=$root/.build/branches

rm -rf "$clone"
git clone --quiet . "$clone"
cd "$clone"
git checkout --quiet -B main
"$root/.build/debug/swiftkraft" branches

for branch in $(git for-each-ref --format='%(refname:short)' 'refs/heads/ch*'); do
  echo "== $branch"
  git checkout --quiet "$branch"
  make setup
  swift test --skip 'ModelTests|FuzzTests|PowerCutTests'
  make "test-$branch"
done
echo "All branches pass."
