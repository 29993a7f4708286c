// SPDX-License-Identifier: BSD-3-Clause

/// 32-bit words that lie side by side in memory, to be read with every index
/// checked: one comparison and one load each.
///
/// For formats that are made of aligned words, such as the structure block of
/// a device tree. See ``ByteView`` for all else.
public struct WordView: Sendable {
  private let bytes: ByteView

  /// How many words there are.
  public let count: Int

  /// The whole words in `bytes`, the first of which must lie at a multiple of
  /// four.
  @inline(__always)
  public init(_ bytes: ByteView) {
    precondition(bytes.isWordAligned)
    self.bytes = bytes
    count = bytes.count / 4
  }

  /// The word at `index` in this machine's byte order, or nil if it is
  /// outside.
  @inline(__always)
  public subscript(index: Int) -> UInt32? {
    // Negative indices wrap to huge ones: one comparison tests both ends.
    guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return nil }
    return unsafe bytes.base.load(
      fromByteOffset: index &* 4, as: UInt32.self)
  }
}
