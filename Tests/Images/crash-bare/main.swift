// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose, in the way that the argument `fault=` names, with nothing
// but what the first chapter has.

import Boot
import Console
import Crashing

if let name = Board.arguments.value(of: "fault") { crash(name) }
print("the fault did not happen")
