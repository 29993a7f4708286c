#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Installs what the course needs and this machine lacks. Quick when nothing
# is missing; called by `make setup`.

set -eu

# Where sfdisk is: Debian keeps it for root, and Homebrew to itself.
PATH=$PATH:/usr/sbin:/sbin
PATH=$PATH:/opt/homebrew/opt/util-linux/sbin:/usr/local/opt/util-linux/sbin

has() { command -v "$1" >/dev/null 2>&1; }

say() { printf '%s\n' "$*" >&2; }

install_swift="Install Swift 6.3 or later from https://www.swift.org/install/
and open a new terminal. \`swift --version\` should then print its version."

# Swift stops at such a folder with words that name an error of its own.
check_temporary_folder() {
  if [ -n "${TMPDIR-}" ] && ! { [ -d "$TMPDIR" ] && [ -w "$TMPDIR" ]; }; then
    say "TMPDIR names $TMPDIR, where no file can be made." \
      "Set it to a folder that can be written to, or: unset TMPDIR"
    exit 1
  fi
}

# Swift comes from swift.org: no distribution's package brings the compiler
# for RISC-V.
check_swift() {
  if ! has swift; then
    say "Swift is not installed, or not in PATH. $install_swift"
    exit 1
  fi
  # Asking takes long, so ask again only for another swift.
  swift=$(command -v swift)
  stamp=.build/swift-is-new-enough
  if [ -f "$stamp" ] && [ -z "$(find -L "$swift" -newer "$stamp")" ] &&
    [ "$(cat "$stamp")" = "$swift" ]; then
    return
  fi
  version=$(swift --version 2>/dev/null |
    sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  major=${version%%.*}
  minor=${version#*.}
  if [ -z "$version" ] || [ "$major" -lt 6 ] ||
    { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
    say "This is Swift ${version:-of an unknown version}, which is too old." \
      "$install_swift"
    exit 1
  fi
  mkdir -p .build
  printf '%s' "$swift" >"$stamp"
}

# Collects the packages whose programs or files are not there.
missing=
want() { # package, then a program or a file
  case $2 in
    /*) [ -e "$2" ] || missing="$missing $1" ;;
    *) has "$2" || missing="$missing $1" ;;
  esac
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    say "Please run as root: $*"
    exit 1
  fi
}

setup_debian() {
  want make make
  want qemu-system-misc qemu-system-riscv64
  want opensbi /usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin
  want gdb-multiarch gdb-multiarch
  want device-tree-compiler dtc
  want fdisk sfdisk
  want qemu-utils qemu-img
  want shellcheck shellcheck
  [ -n "$missing" ] || return 0
  say "Installing:$missing"
  as_root apt-get -q update >&2
  # Newer releases have QEMU for RISC-V in a package of its own.
  if apt-cache show qemu-system-riscv >/dev/null 2>&1; then
    missing=$(echo "$missing" | sed 's/qemu-system-misc/qemu-system-riscv/')
  fi
  # shellcheck disable=SC2086 # one word for each package
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y install --no-install-recommends $missing >&2
}

# Nobody has tried this on a Mac yet.
setup_mac() {
  want qemu qemu-system-riscv64
  want dtc dtc
  want util-linux sfdisk
  want shellcheck shellcheck
  want riscv64-elf-gdb riscv64-elf-gdb
  [ -n "$missing" ] || return 0
  if ! has brew; then
    say "Missing:$missing. Install Homebrew from https://brew.sh, and again."
    exit 1
  fi
  say "Installing:$missing"
  # shellcheck disable=SC2086 # one word for each package
  brew install $missing >&2
}

check_temporary_folder
check_swift
if has apt-get; then
  setup_debian
elif [ "$(uname)" = Darwin ]; then
  setup_mac
elif ! has qemu-system-riscv64; then
  say "This system has neither apt nor brew. Please install by hand: QEMU 7.0" \
    "or later with RISC-V and OpenSBI, gdb with RISC-V, dtc, sfdisk," \
    "shellcheck."
  exit 1
fi
