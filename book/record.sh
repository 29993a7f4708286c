#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots the images and writes down what they print and how large and fast they
# are: book/transcripts and book/measured.json. With --check, compares with what
# was written down before and fails if anything differs.

set -eu
cd "$(dirname "$0")/.."

SWIFTKRAFT_BOARD=virt swift build --configuration release --quiet \
  --triple riscv64-none-none-eabi --scratch-path .build/virt
make --silent tool tool-trace >/dev/null
python=.build/book-venv/bin/python
if [ ! -x "$python" ]; then python=python3; fi

status=0
"$python" book/record.py "$@" || status=1
"$python" book/measure.py "$@" || status=1

# The chart of chapter 5, and the same events for a trace viewer.
mode=${1-}
same=$("$python" -c '
import json, sys
sys.path.insert(0, "book")
import machine
with open("book/transcripts/versions.json") as file:
    print(json.load(file) == machine.versions())')
new=$(mktemp -d)
.build/debug/swiftkraft trace ch5 --out "$new" >"$new/output"
keep() {
  case "$mode" in
  # Another QEMU counts otherwise.
  --check) [ "$same" != True ] || cmp "$new/$1" "$2" || status=1 ;;
  *) cp "$new/$1" "$2" ;;
  esac
}
keep ch5.svg book/figures/trace-ch5.svg
keep ch5.json book/_static/trace-ch5.json

# A disk is as fast as this computer on this day, so the chart of chapter 7 never
# comes out the same. It is kept; who wants a new one removes the old one.
if [ ! -f book/figures/trace-ch7.svg ]; then
  .build/debug/swiftkraft trace ch7 --out "$new" >"$new/output"
  cp "$new/ch7.svg" book/figures/trace-ch7.svg
  cp "$new/ch7.json" book/_static/trace-ch7.json
fi
rm -r "$new"
exit $status
