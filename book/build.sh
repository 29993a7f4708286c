#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Builds the site in .build/book/html, and with --epub the EPUB beside it. A
# warning is an error.

set -eu
cd "$(dirname "$0")/.."

book/setup.sh
book/symbols.sh

sphinx() {
  .build/book-venv/bin/python -m sphinx --fail-on-warning --keep-going \
    --nitpicky --quiet --doctree-dir ".build/book/doctrees-$1" --builder "$1" \
    book ".build/book/$1"
}

sphinx html
if [ "${1-}" = --epub ]; then sphinx epub; fi
echo "book: .build/book/html/index.html"
