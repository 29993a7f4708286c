#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots chapter 7 and checks what it prints, how it ends, and what it left on
# its disk. Runs alone, too. A part {{…}} of an expected line is a regular
# expression.
set -eu
cd "$(dirname "$0")/../.."
: "${SWIFTKRAFT:=$(make --silent tool)}"

disk=$(mktemp)
before=$(mktemp)
trap 'rm -f "$disk" "$before"' EXIT

# The program's disk, with both versions of virtio-mmio.
for legacy in true false; do
  sh chapters/ch7-block/disk.sh "$disk"
  cp "$disk" "$before"
  "$SWIFTKRAFT" expect ch7 --status 0 --disk "$disk,serial=COURSE" \
    --qemu-option "-global virtio-mmio.force-legacy=$legacy" <<EOF
Swiftkraft, chapter 7: Block drivers

disk 0: 16384 sectors, blocks of 512 bytes
  partition 1 "pattern": sectors 2048 to 4095
  partition 2 "log": sectors 4096 to 6143
  partition 3 "scratch": sectors 6144 to 16350
2048 sectors read, 0 words are wrong
8 lines of the log written
4 MiB written, {{\d+}} bytes in a microsecond
{{[1-9]\d*}} primes found between {{[1-9]\d*}} interrupts
reading behind the end: there are no such sectors
EOF

  # The log: a line in each of the first eight sectors of its partition.
  i=0
  while [ $i -lt 8 ]; do
    found=$(dd if="$disk" bs=512 skip=$((4096 + i)) count=1 2>/dev/null |
      tr -d '\0')
    [ "$found" = "line $i of the log" ] || {
      echo "sector $((4096 + i)) of the disk holds \"$found\"" >&2
      exit 1
    }
    i=$((i + 1))
  done

  # All before the log and all behind the scratch data is as it was.
  for part in "0 4096" "14336 2048"; do
    # shellcheck disable=SC2086 # two words
    set -- $part
    dd if="$disk" bs=512 skip="$1" count="$2" 2>/dev/null | cksum >"$disk.a"
    dd if="$before" bs=512 skip="$1" count="$2" 2>/dev/null |
      cksum >"$disk.b"
    same=$(cmp -s "$disk.a" "$disk.b" && echo yes || echo no)
    rm -f "$disk.a" "$disk.b"
    [ "$same" = yes ] || {
      echo "sectors from $1 on have changed" >&2
      exit 1
    }
  done
done

# Boards whose interrupt controller is another: the disk is polled, and a less
# urgent thread runs all the same.
for controller in aplic aplic-imsic; do
  sh chapters/ch7-block/disk.sh "$disk"
  "$SWIFTKRAFT" expect ch7 --status 0 --disk "$disk" \
    --qemu-option "-machine virt,aia=$controller" <<EOF
...
disk 0: 16384 sectors, blocks of 512 bytes
  polled: no interrupt reaches this hart
...
2048 sectors read, 0 words are wrong
8 lines of the log written
4 MiB written, {{\d+}} bytes in a microsecond
{{[1-9]\d*}} primes found between 0 interrupts
...
EOF
done

# A word of the pattern changed: the program finds it.
sh chapters/ch7-block/disk.sh "$disk"
printf 'x' | dd of="$disk" bs=1 seek=1234567 conv=notrunc 2>/dev/null
"$SWIFTKRAFT" expect ch7 --status 0 --disk "$disk" <<EOF
...
2048 sectors read, 1 words are wrong
...
EOF

# No disk, and one without a table.
"$SWIFTKRAFT" expect ch7 --status 0 --no-disk <<EOF
Swiftkraft, chapter 7: Block drivers

there is no disk
make disk-ch7 makes the disk for this program
EOF
rm -f "$disk"
dd if=/dev/null of="$disk" bs=512 seek=3 2>/dev/null
"$SWIFTKRAFT" expect ch7 --status 0 --disk "$disk" <<EOF
Swiftkraft, chapter 7: Block drivers

disk 0: 3 sectors, blocks of 512 bytes
  there is no partition table
make disk-ch7 makes the disk for this program
EOF

# The table damaged: the copy at the end of the disk serves.
sh chapters/ch7-block/disk.sh "$disk"
printf 'x' | dd of="$disk" bs=1 seek=1100 conv=notrunc 2>/dev/null
"$SWIFTKRAFT" expect ch7 --status 0 --disk "$disk" <<EOF
...
  the entries of the partition table are damaged: its copy serves
  partition 1 "pattern": sectors 2048 to 4095
...
EOF

# An image of a CD that also boots from a stick: its first partition holds the
# second one, and the table. Both are listed, and each is named.
rm -f "$disk"
dd if=/dev/null of="$disk" bs=512 seek=8192 2>/dev/null
printf '%b' '\0\0\0\0\027\0\0\0\0\0\0\0\0\040\0\0' \
  '\0\0\0\0\0357\0\0\0\0100\0\0\0\040\0\0\0' |
  dd of="$disk" bs=1 seek=446 conv=notrunc 2>/dev/null
printf '\125\252' | dd of="$disk" bs=1 seek=510 conv=notrunc 2>/dev/null
"$SWIFTKRAFT" expect ch7 --status 0 --disk "$disk" <<EOF
...
  partition 1 overlaps the partition table: it can be read, and not written
  partition 2 overlaps partition 1: it can be read, and not written
  partition 1 "": sectors 0 to 8191
  partition 2 "": sectors 64 to 95
...
EOF
