#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Makes the virtual environment that builds the book, in .build/book-venv.
# With --tests, also the browser that tests its pages. Quick when there is
# nothing to do.

set -eu
cd "$(dirname "$0")/.."
venv=.build/book-venv

say() { printf 'book: %s\n' "$*"; }

# Debian and Ubuntu; elsewhere the caller is told what is missing.
install() {
  say "installing $*"
  if ! command -v apt-get >/dev/null; then
    say "please install $*, and try again" >&2
    exit 1
  fi
  sudo=
  if [ "$(id -u)" -ne 0 ]; then sudo=sudo; fi
  # A fresh machine has no list of packages, or an old one.
  $sudo apt-get update -qq
  $sudo apt-get install -y --no-install-recommends "$@" >/dev/null
}

# Sphinx 8.2 needs Python 3.11.
find_python() {
  for name in python3 python3.11 python3.12 python3.13; do
    "$name" -c 'import sys, venv, ensurepip
sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    echo "$name"
    return
  done
}

if [ "${1-}" = --tests ] && ! command -v chromedriver >/dev/null; then
  install chromium chromium-driver
fi

if cmp -s book/requirements.txt "$venv/requirements.txt"; then exit 0; fi

python=$(find_python)
if [ -z "$python" ]; then
  install python3 python3-venv
  python=$(find_python)
fi
if [ -z "$python" ]; then
  say "the book needs Python 3.11 or later with its module venv" >&2
  exit 1
fi

say "making its virtual environment"
rm -rf "$venv"
"$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
  --requirement book/requirements.txt
cp book/requirements.txt "$venv/requirements.txt"
