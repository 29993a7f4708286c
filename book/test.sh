#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Opens every page of the built book in headless Chromium and checks it; builds
# the book first.

set -eu
cd "$(dirname "$0")/.."

book/setup.sh --tests
book/build.sh
.build/book-venv/bin/python -m unittest discover --start-directory book/tests \
  --top-level-directory book/tests "$@"
