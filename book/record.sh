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
swift build --quiet --product swiftkraft
python=.build/book-venv/bin/python
if [ ! -x "$python" ]; then python=python3; fi

status=0
"$python" book/record.py "$@" || status=1
"$python" book/measure.py "$@" || status=1
exit $status
