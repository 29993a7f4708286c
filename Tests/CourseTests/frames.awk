# SPDX-License-Identifier: BSD-3-Clause
#
# Reads what `llvm-objdump --disassemble` prints of an image, and prints for
# each function how many bytes its frame takes: what its instructions subtract
# from the stack pointer. `?` stands for a function whose frame also grows by
# a number that is computed while it runs.
#
#     addi sp, sp, -0x30          │ lui t0, 0x6
#                                 │ addi t0, t0, 0x10
#                                 │ sub sp, sp, t0

function number(text) {
  sign = 1
  if (sub(/^-/, "", text)) sign = -1
  if (text !~ /^0x/) return sign * text
  value = 0
  for (place = 3; place <= length(text); place++)
    value = 16 * value + index("0123456789abcdef", substr(text, place, 1)) - 1
  return sign * value
}

function finish() {
  if (name != "" && (frame > 0 || grows)) print frame (grows ? "?" : ""), name
}

/^[0-9a-f]+ <.*>:$/ {
  finish()
  name = $2; frame = 0; grows = 0
  delete known
  next
}

{ operation = $2; gsub(/,/, "") }

operation == "lui" || operation == "li" {
  known[$3] = number($4) * (operation == "lui" ? 4096 : 1)
  next
}

operation ~ /^addiw?$/ && $3 == "sp" && $4 == "sp" {
  if (number($5) < 0) frame -= number($5)
  next
}

operation ~ /^addiw?$/ && $3 == $4 && ($3 in known) {
  known[$3] += number($5)
  next
}

operation ~ /^slli$/ && $3 == $4 && ($3 in known) {
  known[$3] *= 2 ^ number($5)
  next
}

operation == "sub" && $3 == "sp" {
  if ($4 == "sp" && $5 in known) frame += known[$5]
  else grows = 1
  next
}

operation == "mv" && $3 == "sp" { if ($4 !~ /^(s0|fp)$/) grows = 1 }

END { finish() }
