#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Builds the site in .build/book/html, and with --epub the EPUB beside it. A
# warning is an error.

set -eu
cd "$(dirname "$0")/.."

book/setup.sh
book/symbols.sh

book/sphinx.sh html book .build/book
if [ "${1-}" = --epub ]; then book/sphinx.sh epub book .build/book; fi
echo "book: .build/book/html/index.html"
