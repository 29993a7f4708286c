// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: never says a word, never ends.

import Boot
import Hart

while true { Hart.waitForInterrupt() }
