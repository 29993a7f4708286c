#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Runs Sphinx: sphinx.sh BUILDER SOURCE OUT makes OUT/BUILDER out of SOURCE. A
# warning is an error.
#
# What an interrupted Sphinx has left it cannot always read: an empty .buildinfo
# ends it with a traceback, half an index with a warning. So the file
# OUT/BUILDER-is-whole is there only after it has come to its own end, and
# without that file everything is built anew.

set -eu
builder=$1
source=$2
out=$3
python=${PYTHON-.build/book-venv/bin/python}
whole=$out/$builder-is-whole

if [ ! -f "$whole" ]; then
  rm -rf "${out:?}/$builder" "$out/doctrees-$builder"
fi
rm -f "$whole"
status=0
"$python" -m sphinx --fail-on-warning --keep-going --nitpicky --quiet \
  --doctree-dir "$out/doctrees-$builder" --builder "$builder" "$source" \
  "$out/$builder" || status=$?
# 1 is a warning, told at the end of a whole build.
if [ "$status" -le 1 ] && [ -d "$out/$builder" ]; then : >"$whole"; fi
exit "$status"
