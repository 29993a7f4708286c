#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Has the compiler write down what each library offers, for the reference: one
# symbol graph for each module in .build/book/symbols. Quick when no source has
# changed.

set -eu
cd "$(dirname "$0")/.."
graphs=$PWD/.build/book/symbols

if [ -f "$graphs/made" ] &&
  [ -z "$(find Sources Package.swift -newer "$graphs/made")" ]; then
  exit 0
fi

if [ ! -d "$graphs" ]; then rm -rf .build/book/symbols-build; fi
# A module that is not compiled again does not write its graph again.
mkdir -p "$graphs"
SWIFTKRAFT_BOARD=virt swift build --configuration release --quiet \
  --triple riscv64-none-none-eabi --scratch-path .build/book/symbols-build \
  -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$graphs"
touch "$graphs/made"
