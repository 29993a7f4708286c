#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Makes the chapters' branches in a clone of its own; builds, boots and tests
# what each of them holds. With --sample, a branch is tested in what it changes:
#
#   all     everything that it holds is compiled, for the host and the board
#   rules   what must hold for any tree: its parts, floors, contents of images
#   new     the tests of the libraries that its chapter introduces, and the
#           chapter's program, booted
#
# Without, all its suites run, but for those that take longest: they try the
# same code as on the main branch, where they run in full.
#
# All branches are built one after the other in one folder. Git writes only
# the files that differ, so that only what depends on them is compiled again.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
mode=${1-}
course=$root/.build/branches/course
work=$root/.build/branches/work
slow='ModelTests|FuzzTests|PowerCutTests|Whatever the'
rules='CompletenessTests|LayerTests|SafetyTests|ContentTests'

# The branches are written here, and checked out there.
rm -rf "$course"
mkdir -p "$root/.build/branches"
git clone --quiet . "$course"
git -C "$course" checkout --quiet -B main
(cd "$course" && "$root/.build/debug/swiftkraft" branches)
if [ ! -d "$work/.git" ]; then
  rm -rf "$work"
  git clone --quiet "$course" "$work"
fi
cd "$work"
git fetch --quiet --force origin 'refs/heads/*:refs/remotes/origin/*'

# The libraries that a chapter introduces, as a pattern of their tests.
new_tests() { # chapter
  "$root/.build/debug/swiftkraft" table libraries |
    awk -F '\t' -v chapter="$1" '$4 == chapter { print $1 "Tests" }' |
    paste -s -d '|' -
}

build_images() {
  SWIFTKRAFT_BOARD=virt swift build --quiet --configuration release \
    --triple riscv64-none-none-eabi --scratch-path .build/virt
}

for branch in $(git -C "$course" for-each-ref --sort=version:refname \
  --format='%(refname:short)' 'refs/heads/ch*'); do
  echo "== $branch"
  began=$SECONDS
  git checkout --quiet --force --detach "origin/$branch"
  make --no-print-directory setup
  build_images
  if [ "$mode" = --sample ]; then
    new=$(new_tests "${branch#ch}")
    Tests/test.sh --filter "$rules|^(${new:-none})\\." --skip "$slow"
  else
    Tests/test.sh --skip "$slow"
  fi
  make --no-print-directory "test-$branch"
  echo "$branch passes, after $((SECONDS - began)) s"
done
echo "All branches pass."
