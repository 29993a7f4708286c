#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 4 and checks what it prints and how it ends. Runs alone, too.
# A part {{…}} of an expected line is a regular expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"

# The workload is the same every time, and so is every number.
"$SWIFTKRAFT" expect ch4 --status 0 <<EOF
Swiftkraft, chapter 4: Allocator

at first     0 blocks,       0 bytes in use,    0 KiB managed
objects      6 blocks,     336 bytes in use,   64 KiB managed
         guest number 3 of the evening
         guest number 2 of the evening
         guest number 1 of the evening
array        1 blocks,   65576 bytes in use,  204 KiB managed
         the sum of 5000 squares is 41654167500
at last      0 blocks,       0 bytes in use,  204 KiB managed
         51 frames were taken

         served  failed     peak   largest  fragmented
region     3689   12637    23056         0       0
buddy     10033       0    32704     32768     194
pool 528  10033       0    45936       528     983
TLSF      10033       0    25016     39496      86

a tebibyte: there is none
EOF

# With little memory.
"$SWIFTKRAFT" expect ch4 --status 0 --memory 5M <<EOF
...
TLSF      10033       0    25016     39496      86

a tebibyte: there is none
EOF

# The heap for debugging finds nothing wrong, and nothing left.
"$SWIFTKRAFT" expect ch4 --status 0 --configuration debug \
  --arguments leaks <<EOF
...
a tebibyte: there is none
0 blocks are left
EOF
