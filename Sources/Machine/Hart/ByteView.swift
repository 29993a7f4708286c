// SPDX-License-Identifier: BSD-3-Clause

/// Bytes that lie somewhere in memory, to be read with every index checked.
///
/// The way to look at what others have put there: the firmware's device tree,
/// the stack of a thread that failed. A slice is a view of its own whose
/// indices start at 0.
///
/// It is no `Collection`: that protocol's default implementations make
/// arrays, which the compiler does not let in before there is a heap.
@safe
public struct ByteView: Sendable {
  nonisolated(unsafe) let base: UnsafeRawPointer

  /// How many bytes there are.
  public let count: Int

  /// A view of the `count` bytes at `base`.
  ///
  /// - Precondition: The bytes may be read, and do not change, for as
  ///   long as this value or a slice of it lives.
  @unsafe
  public init(at base: UnsafeRawPointer, count: Int) {
    precondition(count >= 0)
    unsafe self.base = unsafe base
    self.count = count
  }

  /// The bytes of `text`, without a zero at its end.
  public init(_ text: StaticString) {
    // A literal's bytes are constants of the image: they outlive every view.
    unsafe self.init(at: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// The indices of all bytes.
  public var indices: Range<Int> { 0..<count }

  /// The byte at `index`, which must be from 0 up to `count`.
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return unsafe base.load(fromByteOffset: index, as: UInt8.self)
  }

  /// The bytes in `bounds`, which must lie from 0 up to `count`.
  public subscript(bounds: Range<Int>) -> ByteView {
    precondition(bounds.lowerBound >= 0 && bounds.upperBound <= count)
    return unsafe ByteView(at: base + bounds.lowerBound, count: bounds.count)
  }

  /// The `count` bytes from `start` on, or nil if they are not all inside.
  @inline(__always)
  public func part(from start: Int, count: Int) -> ByteView? {
    guard start >= 0, count >= 0, start <= self.count,
      count <= self.count &- start
    else { return nil }
    return unsafe ByteView(knownAt: base + start, count: count)
  }

  /// A view of bytes that are known to be inside of another one.
  @inline(__always)
  private init(knownAt base: UnsafeRawPointer, count: Int) {
    unsafe self.base = unsafe base
    self.count = count
  }

  /// Whether these are the bytes of `text`, without a zero at its end.
  public static func == (view: ByteView, text: StaticString) -> Bool {
    view == ByteView(text)
  }

  /// Whether both views show the same bytes.
  public static func == (one: ByteView, other: ByteView) -> Bool {
    guard one.count == other.count else { return false }
    var index = 0
    while index < one.count, one.byte(index) == other.byte(index) {
      index &+= 1
    }
    return index == one.count
  }

  /// The big-endian number in the four bytes at `offset`, or nil if they are
  /// not all inside. The offset needs no alignment.
  @inline(__always)
  public func bigEndian32(at offset: Int) -> UInt32? {
    guard offset >= 0, offset <= count &- 4 else { return nil }
    // Byte by byte: without the extension Zbb a hart cannot swap bytes, and
    // half of them cannot load a word from any address.
    return byte(offset) << 24 | byte(offset &+ 1) << 16
      | byte(offset &+ 2) << 8 | byte(offset &+ 3)
  }

  /// Whether the first byte lies at a multiple of four.
  public var isWordAligned: Bool { unsafe UInt(bitPattern: base) & 3 == 0 }

  /// The big-endian number in the eight bytes at `offset`, or nil if they are
  /// not all inside. The offset needs no alignment.
  public func bigEndian64(at offset: Int) -> UInt64? {
    guard let high = bigEndian32(at: offset),
      let low = bigEndian32(at: offset + 4)
    else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }

  /// Where `byte` stands first, or nil. Linear in the number of bytes.
  @inline(never)
  public func firstIndex(of byte: UInt8) -> Int? {
    for index in 0..<count where self.byte(index) == UInt32(byte) {
      return index
    }
    return nil
  }

  /// The byte at an index that was checked before.
  @inline(__always)
  private func byte(_ index: Int) -> UInt32 {
    UInt32(unsafe base.load(fromByteOffset: index, as: UInt8.self))
  }

  /// The number in the eight bytes at `offset`, in this machine's own byte
  /// order, or nil if they are not all inside.
  public func native64(at offset: Int) -> UInt64? {
    bigEndian64(at: offset).map(UInt64.init(bigEndian:))
  }
}
