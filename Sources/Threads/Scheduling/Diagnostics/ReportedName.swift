// SPDX-License-Identifier: BSD-3-Clause

import Boot

extension StaticString {
  /// The name as a report prints it.
  ///
  /// Names are literals, which lie among the image's constants. One that lies
  /// elsewhere was overwritten, by a stack that grew into the heap for
  /// instance: its length could be any number, and is not believed.
  var reported: StaticString {
    #if arch(riscv64)
      guard hasPointerRepresentation else { return "?" }
      let constants = Image.running.constants
      let start = UInt64(UInt(bitPattern: unsafe utf8Start))
      guard constants.contains(start),
        UInt64(utf8CodeUnitCount) <= constants.upperBound - start
      else { return "?" }
    #endif
    return self
  }
}
