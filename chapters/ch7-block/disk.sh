#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Makes the disk that chapter 7 expects, the same each time: sh disk.sh IMAGE.
# 8 MiB, with a GUID partition table; a part of it holds a known pattern.
set -eu
image=${1:?the path of the image to write is missing}

# Not in everyone's PATH: Debian keeps it for root, and Homebrew to itself.
PATH=$PATH:/usr/sbin:/sbin
PATH=$PATH:/opt/homebrew/opt/util-linux/sbin:/usr/local/opt/util-linux/sbin
for tool in sfdisk perl; do
  command -v "$tool" >/dev/null && continue
  echo "$tool is not installed: make setup" >&2
  exit 1
done

# Nothing but its length: zeros that take no room.
rm -f "$image"
dd if=/dev/null of="$image" bs=1048576 seek=8 2>/dev/null

# All in sectors of 512 bytes.
guid=53574946-544B-4000-8000-000000000
sfdisk --quiet "$image" <<TABLE
label: gpt
label-id: ${guid}700
unit: sectors
first-lba: 34
last-lba: 16350
start=2048, size=2048, type=L, name=pattern, uuid=${guid}701
start=4096, size=2048, type=L, name=log, uuid=${guid}702
start=6144, size=10207, type=L, name=scratch, uuid=${guid}703
TABLE

# Each word of 8 bytes, little-endian: its own offset within the partition,
# times 0x9E3779B97F4A7C15 (here as a signed number), plus 1; the carry is lost.
perl -e '
  use integer;
  binmode STDOUT;
  print pack "q<", $_ * 8 * -0x61C8864680B583EB + 1 for 0 .. 131071;
' | dd of="$image" bs=1048576 seek=1 conv=notrunc 2>/dev/null
