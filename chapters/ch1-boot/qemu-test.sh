#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 1 and checks what it prints and how it ends. Runs alone, too.
# A part {{…}} of an expected line is a regular expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"

"$SWIFTKRAFT" expect ch1 --arguments "one two status=3" --status 3 <<'EOF'
Swiftkraft, chapter 1: Boot

hart      0, in S-mode
firmware  OpenSBI {{[0-9]+\.[0-9]+}}, SBI {{[0-9]+\.[0-9]+}}
code      0x80200000..<0x802{{[0-9a-f]+}}
constants 0x802{{[0-9a-f]+}}..<0x802{{[0-9a-f]+}}
variables 0x802{{[0-9a-f]+}}..<0x802{{[0-9a-f]+}}000
stack     0x801{{[0-9a-f]+}}000..<0x801{{[0-9a-f]+}}000
argument  one
argument  two
argument  status=3

Goodbye with status 3.
EOF

# Without arguments: no line for any, and success.
"$SWIFTKRAFT" expect ch1 --status 0 <<'EOF'
...
stack     {{.*}}

Goodbye with status 0.
EOF

# A status that eight bits cannot hold is never taken for success.
"$SWIFTKRAFT" expect ch1 --arguments "status=256" --status 255 <<'EOF'
...
Goodbye with status 256.
EOF
