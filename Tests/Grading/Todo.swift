// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console

/// How a grading program ends when the exercise has not been started.
public let notStartedStatus = 77

/// Stands where the answer to an exercise is missing: ends the program and
/// says that the exercise has not been started.
///
/// It does not print through the system's console, which may be the very
/// thing that is missing.
public func todo(_ exercise: StaticString) -> Never {
  #if arch(riscv64)
    var console = SBIConsole()
  #else
    var console = StandardOutput()
  #endif
  console.write("\n[grade] ")
  console.write(exercise)
  console.write(" not started\n")
  exit(notStartedStatus)
}
