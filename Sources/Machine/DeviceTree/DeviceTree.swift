// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What the firmware knows about the machine: its memory, harts and devices.
///
/// The bytes are those that the firmware hands over at boot, in the flattened
/// form of the Devicetree Specification (version 0.4, chapter 5):
///
///     header | memory reservations | structure: nodes, properties | strings
///
/// They come from outside, so everything is checked while it is read: no
/// bytes whatever make a call read outside of them, trap, or run for ever.
/// What is malformed ends as a ``DeviceTreeError`` that says where.
///
/// Nothing is kept between calls and nothing is written. Any call may be made
/// on any hart and from an interrupt.
public struct DeviceTree: Sendable {
  /// The largest device tree that is believed, in bytes.
  ///
  /// Real ones take some kilobytes; QEMU pads its own to one mebibyte.
  public static var largestSize: Int { 2 << 20 }

  // Few words: the value is handed on at every question.
  let bytes: ByteView
  private let structureStart: UInt32
  private let structureEnd: UInt32
  private let stringsStart: UInt32
  private let stringsSize: UInt32
  private let reservationsStart: UInt32
  private let used: UInt32

  /// How many bytes from the start are in use. Behind them a firmware may
  /// leave room for additions, as QEMU leaves a mebibyte.
  public var usedSize: Int { Int(used) }

  var structure: Range<Int> { Int(structureStart)..<Int(structureEnd) }

  var reservations: Int { Int(reservationsStart) }

  /// The strings block.
  var strings: ByteView {
    @inline(__always) get {
      bytes.part(from: Int(stringsStart), count: Int(stringsSize))
        ?? ByteView("")
    }
  }

  /// The device tree in `bytes`, after a look at its header.
  ///
  /// The cost is constant: nodes are checked when they are read. See
  /// ``checkStructure()`` for all at once.
  ///
  /// - Throws: An error if the header is not that of a version 17 device tree
  ///   with all blocks inside `bytes` (section 5.2).
  public init(_ bytes: ByteView) throws(DeviceTreeError) {
    // Section 5.1 asks for eight.
    guard bytes.isWordAligned else { throw DeviceTreeError(.misaligned, at: 0) }
    let header = try Header(bytes)
    self.bytes = bytes[0..<header.totalSize]
    let structure = try header.block(
      at: .structureStart, size: .structureSize, alignment: 4)
    let text = try header.block(
      at: .stringsStart, size: .stringsSize, alignment: 1)
    // With a zero at the end of them all, every string in the block ends.
    guard text.isEmpty || bytes[text.upperBound - 1] == 0 else {
      throw DeviceTreeError(.unterminatedString, at: text.upperBound - 1)
    }
    let reservations = try header.block(
      at: .reservationsStart, size: nil, alignment: 8
    ).lowerBound
    // The reservations tell no size: unless they stand in front, their end is
    // unknown.
    let end = max(structure.upperBound, text.upperBound)
    // All offsets stem from fields of 32 bits.
    structureStart = UInt32(truncatingIfNeeded: structure.lowerBound)
    structureEnd = UInt32(truncatingIfNeeded: structure.upperBound)
    stringsStart = UInt32(truncatingIfNeeded: text.lowerBound)
    stringsSize = UInt32(truncatingIfNeeded: text.count)
    reservationsStart = UInt32(truncatingIfNeeded: reservations)
    used = UInt32(
      truncatingIfNeeded: reservations < end ? end : header.totalSize)
  }

  /// How many bytes the device tree takes that starts with `header`, or nil
  /// if none starts there or it is larger than ``largestSize``.
  ///
  /// For boot code, which is given a bare address and has to make the right
  /// view of it. Eight bytes are enough.
  public static func totalSize(of header: ByteView) -> Int? {
    guard header.bigEndian32(at: Header.Field.magic.rawValue) == Header.magic,
      let size = header.bigEndian32(at: Header.Field.totalSize.rawValue),
      size >= Header.size, size <= largestSize
    else { return nil }
    return Int(size)
  }

  /// Reads every node and property once.
  ///
  /// - Throws: The first error in the structure block (section 5.4).
  public func checkStructure() throws(DeviceTreeError) {
    var nodes = nodes()
    while try nodes.advance() {}
  }
}
