// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console

/// Ends the program because of a mistake in it.
func stop(_ words: StaticString) -> Never {
  #if arch(riscv64)
    panic("\(words)")
  #else
    fatalError(words.description)
  #endif
}
