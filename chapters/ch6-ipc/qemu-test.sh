#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 6 and checks what it prints and how it ends. Runs alone, too.
# A part {{…}} of an expected line is a regular expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"

"$SWIFTKRAFT" expect ch6 --status 0 <<EOF
Swiftkraft, chapter 6: IPC

3000 parcels, the sum of their numbers is 4498500
5 rings came out of an interrupt
the most urgent thread waited 1 ms for the mutex
after 3 ms it had not come
EOF

# Two threads lock two mutexes in opposite orders.
"$SWIFTKRAFT" expect ch6 --status 70 --arguments deadlock <<EOF
...
deadlock: these threads wait for each other
  thread {{\d+ "Kant" waits for mutex "left", which thread \d+ "Plato"}} has locked
  thread {{\d+ "Plato" waits for mutex "right", which thread \d+ "Kant"}} has locked
waits at:
...
EOF

# The only thread waits for a permit that nobody can give.
"$SWIFTKRAFT" expect ch6 --status 70 --arguments standstill <<EOF
...
nothing can run any more: every thread waits
  thread 1 "main" waits for: semaphore "never"
...
EOF
