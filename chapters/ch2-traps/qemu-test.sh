#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 2 and checks what it prints and how it ends. Runs alone, too.
# A part {{…}} of an expected line is a regular expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"

# Virtual time is exact, but for the instructions before the clock is read: an
# interval is 100 ms, give or take ten ticks of 100 ns.
tick='{{(99999[0-9]00|100000[0-9]00)}} ns'

expect_ticks() {
  "$SWIFTKRAFT" expect ch2 --status 0 "$@"
}

# One hart, with the timer of its own that the extension Sstc gives it.
expect_ticks <<EOF
Swiftkraft, chapter 2: Traps

memory    0x80000000, 128 MiB
reserved  0x80000000, 512 KiB
hart      0, rv64{{[a-z_]*}}sstc{{[a-z_]*}}
clock     10000000 ticks in a second
console   0x10000000
virtio    8 slots

trap: breakpoint
  the instruction at 0x{{[0-9a-f]+}}, in the program's code
trap: illegal instruction
  the instruction at 0x{{[0-9a-f]+}}, in the program's code
  its bits are 0x0000
still running

tick  1 after $tick
tick  2 after $tick
tick  3 after $tick
tick  4 after $tick
tick  5 after $tick
tick  6 after $tick
tick  7 after $tick
tick  8 after $tick
tick  9 after $tick
tick 10 after $tick
EOF

# Without Sstc, the firmware's timer. Nothing else was assumed either.
expect_ticks --memory 512M --qemu-option -cpu --qemu-option rv64,sstc=off <<EOF
...
memory    0x80000000, 512 MiB
reserved  0x80000000, 512 KiB
hart      0, {{[a-z0-9_]+}}
...
tick  9 after $tick
tick 10 after $tick
EOF

# Two harts: QEMU cannot count instructions then, and time is the host's.
expect_ticks --harts 2 <<EOF
...
hart      {{[01]}}, {{[a-z0-9_]+}}
hart      {{[01]}}, {{[a-z0-9_]+}}
...
tick 10 after {{[0-9]+}} ns
EOF
