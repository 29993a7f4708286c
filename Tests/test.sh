#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Runs `swift test`, with the arguments given, and shows of its thousands of
# lines what counts: words of the compiler, what failed and why, and the closing
# line. All of it is in .build/logs/swift-test.log. Ends with the status of
# `swift test`.

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
log=${LOG:-.build/logs/swift-test.log}
mkdir -p "$(dirname "$log")" || exit 1

# A line that begins with a symbol may have more lines behind it: those of an
# argument that holds them, or a failure's details.
# shellcheck disable=SC2016 # awk's own
shown='
  /^\[[0-9]+\/[0-9]+\] / { next }                      # progress of the build
  /ld\.gold: warning: Cannot export local symbol/ { next }
  /^(Building for|Test Suite |\t* *Executed )/ { next }  # XCTest: no tests
  index($0, "◇ Test run started") == 1 { running = 1; kept = 0; next }
  /^(✔|✘) Test run with / { kept = 1 }
  !/^(✔|✘) Test run with / && /^(◇|✔|➜|↳ T)/ { kept = 0 }
  /^✘/ { kept = 1; failed++ }
  # Words of SwiftPM, and of a test that ended its process.
  /^(error|warning): |Fatal error: |^💣|^\*\*\* / { kept = 1 }
  !running || kept { print; fflush() }
'

echo "swift test${*:+ $*}"
echo "\$ swift test${*:+ $*}" >"$log"
swift test "$@" 2>&1 | tee -a "$log" | awk "$shown"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  if ! grep -qE '^(✔|✘) Test run with ' "$log"; then
    echo "The tests did not come to their end. The last lines:"
    tail -n 30 "$log"
  fi
  echo "swift test ended with status $status. All that it printed: $log" >&2
fi
exit "$status"
