// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose, in the way that the argument `fault=` names, where traps
// are explained and there are no page tables.

import Boot
import Console
import Crashing
import Traps

if let name = Board.arguments.value(of: "fault") { crash(name) }
print("the fault did not happen")
