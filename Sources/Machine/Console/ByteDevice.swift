// SPDX-License-Identifier: BSD-3-Clause

/// Something that takes bytes one by one, to be shown or kept.
public protocol TextOutput: ~Copyable {
  /// Writes one byte of UTF-8. Waits if the other end is busy.
  mutating func write(_ byte: UInt8)
}

/// A console's device: bytes out, and bytes in.
public protocol ByteDevice: TextOutput, ~Copyable {
  /// The next byte that was typed, or nil if none is waiting.
  mutating func read() -> UInt8?
}
