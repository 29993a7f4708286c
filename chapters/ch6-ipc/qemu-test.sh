#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 6 and checks what it prints and how it ends. Runs alone, too.
# A part {{…}} of an expected line is a regular expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"
