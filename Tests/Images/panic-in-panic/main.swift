// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: the panic's own message panics.

import Boot
import Console

func explanation() -> Int { panic("the second failure") }

panic("the first failure, \(explanation())")
