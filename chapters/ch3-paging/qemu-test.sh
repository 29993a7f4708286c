#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 3 and checks what it prints and how it ends. Runs alone, too.
# A part {{…}} of an expected line is a regular expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"

address='0x{{[0-9a-f]+}}'

# All of it, with 128 MiB.
"$SWIFTKRAFT" expect ch3 --status 0 <<EOF
Swiftkraft, chapter 3: Paging

mode      8, root table in frame $address
free      {{32[0-9]+}} frames, 126 MiB
five of   0x{{[0-9a-f]+0000}}..<0x{{[0-9a-f]+5000}}
free      {{32[0-9]+}}
and back  {{32[0-9]+}}

walk to 0x80200000
  level 2, entry   2: table at $address
  level 1, entry   1: table at $address
  level 0, entry   0: page at 0x80200000
  that page may be read and executed, not written
walk to $address
  level 2, entry   2: table at $address
  level 1, entry   1: table at $address
  level 0, entry {{ *[0-9]+}}: page at $address
  that page may be read and written, not executed

written at 0x2000000000, read at $address: 2026

page fault while loading
  the instruction at $address, in the program's code
  used the address 0x00000008, in the first page, where a null pointer leads
  no page is mapped there
page fault while storing
  the instruction at $address, in the program's code
  used the address $address, in the program's constants
  that page may be read, and nothing else
page fault while fetching an instruction
  the instruction at $address, in the program's variables
  that page may be read and written, not executed
page fault while storing
  the instruction at $address, in the program's code
  used the address 0x2000000000, where there is neither memory nor a device
  that page may be read, and nothing else
page fault while storing
  the instruction at $address, in the program's code
  used the address $address, below the boot stack: it has overflowed
  no page is mapped there
still running
EOF

# As little memory as QEMU boots a kernel with, and more than a small computer has.
"$SWIFTKRAFT" expect ch3 --status 0 --memory 5M <<EOF
...
free      {{[0-9]+}} frames, {{[0-9]}} MiB
...
still running
EOF
"$SWIFTKRAFT" expect ch3 --status 0 --memory 8G <<EOF
...
free      {{209[0-9]+}} frames, 8190 MiB
...
still running
EOF

# Two harts: the second one sleeps, and changes nothing.
"$SWIFTKRAFT" expect ch3 --status 0 --harts 2 <<EOF
...
still running
EOF
