#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 5 and checks what it prints and how it ends. Runs alone, too.
# A part {{…}} of an expected line is a regular expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"

# Without interruptions, the worker that never waits keeps all others out. In
# turns, everyone gets a slice. The most urgent one is served at once.
"$SWIFTKRAFT" expect ch5 --status 0 <<EOF
Swiftkraft, chapter 5: Scheduler

first come:
  aaaaaa.bcccccc.!!!bbbbb.
  the bell was answered {{[78]\d\d\d}} us late at most
round robin:
  aaabcc!!aaabcc!.bccb.bb.
  the bell was answered {{[23]\d\d\d}} us late at most
strict priority:
  aaa!bc!cab!ccaabc.bc.bb.
  the bell was answered {{\d}} us late at most

the sleeper's answer, after 20 ms: 42
EOF
