// SPDX-License-Identifier: BSD-3-Clause

import Console

// Swift's own strings, now that there is memory for them. Generic, so that the
// code is made in the modules that use it: this one is compiled so that it
// cannot allocate.

extension TextOutput where Self: ~Copyable {
  /// Writes the bytes of `text`, which are UTF-8.
  public mutating func write<Text: StringProtocol>(_ text: Text) {
    for byte in text.utf8 { write(byte) }
  }
}

extension Message.Interpolation {
  /// A string that was made while the program runs.
  @inline(never)
  public mutating func appendInterpolation<Text: StringProtocol>(
    _ text: Text
  ) {
    var console = SystemConsole()
    console.write(text)
  }
}
