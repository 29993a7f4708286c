// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console

/// The body of a method that each subclass overrides: a subclass that forgets it
/// ends the machine, instead of doing nothing in silence.
@inline(never)
func mustOverride() -> Never { stop("a subclass lacks an override") }

/// Ends the program because of a mistake in it.
func stop(_ words: StaticString) -> Never {
  #if arch(riscv64)
    panic("\(words)")
  #else
    fatalError(words.description)
  #endif
}
