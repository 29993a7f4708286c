#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Shows the built book in a browser.

set -eu
cd "$(dirname "$0")/.."
page=$PWD/.build/book/html/index.html

for opener in xdg-open open wslview; do
  if command -v "$opener" >/dev/null; then exec "$opener" "$page"; fi
done
echo "Open this file in a browser: $page"
