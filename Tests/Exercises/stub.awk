# SPDX-License-Identifier: BSD-3-Clause
#
# Makes the file that a student starts with from a solution:
#
#     awk -f stub.awk Solutions/Sizes.swift > Exercises/Sizes.swift
#
# Lines from `//@ solution` to `//@ stub` are left out; those from there to
# `//@ end` stay, without the `//| ` in front of them.

/^ *\/\/@ solution/ { hidden = 1; next }
/^ *\/\/@ stub/ { hidden = 0; next }
/^ *\/\/@ end/ { next }
hidden { next }
{ sub(/\/\/\| ?/, ""); print }
