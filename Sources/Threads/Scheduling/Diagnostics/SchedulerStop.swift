// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console

/// The body of a method that each subclass overrides: a subclass that forgets it
/// ends the machine, instead of doing nothing in silence.
@inline(never)
func mustOverride() -> Never { stop("a subclass lacks an override") }

/// Ends the program because of a mistake in it, and names the caller's place.
/// Never inlined: its copies would be merged under the name of any of them.
@inline(never)
func stop(
  _ words: StaticString, file: StaticString = #fileID, line: Int = #line
) -> Never {
  #if arch(riscv64)
    panic("\(words)", file: file, line: line)
  #else
    fatalError(words.description)
  #endif
}
