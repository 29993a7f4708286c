// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The properties that a walk finds for every node, in the order of their
/// first letters.
enum KnownProperty: Int {
  case addressCells, interruptCells, sizeCells
  case compatible
  case deviceType
  case interruptParent, interrupts, interruptsExtended
  case phandle
  case ranges, regions, extensions, instructionSet, randomSeed
  case status
  case frequency

  static var count: Int { 16 }

  var name: StaticString {
    switch self {
    case .addressCells: "#address-cells"
    case .interruptCells: "#interrupt-cells"
    case .sizeCells: "#size-cells"
    case .compatible: "compatible"
    case .deviceType: "device_type"
    case .interruptParent: "interrupt-parent"
    case .interrupts: "interrupts"
    case .interruptsExtended: "interrupts-extended"
    case .phandle: "phandle"
    case .ranges: "ranges"
    case .regions: "reg"
    case .extensions: "riscv,isa-extensions"
    case .instructionSet: "riscv,isa"
    case .randomSeed: "rng-seed"
    case .status: "status"
    case .frequency: "timebase-frequency"
    }
  }

  /// Those whose names start with `letter`, by raw value.
  @inline(__always)
  private static func candidates(_ letter: UInt8) -> Range<Int> {
    switch letter {
    case UInt8(ascii: "#"): 0..<3
    case UInt8(ascii: "c"): 3..<4
    case UInt8(ascii: "d"): 4..<5
    case UInt8(ascii: "i"): 5..<8
    case UInt8(ascii: "p"): 8..<9
    case UInt8(ascii: "r"): 9..<14
    case UInt8(ascii: "s"): 14..<15
    case UInt8(ascii: "t"): 15..<16
    default: 0..<0
    }
  }

  /// The known property whose name stands at the beginning of `names`.
  @inline(__always)
  init?(_ names: ByteView) {
    for value in Self.candidates(names[0]) {
      if let known = KnownProperty(rawValue: value),
        names.startsWithName(ByteView(known.name))
      {
        self = known
        return
      }
    }
    return nil
  }
}

/// Where the known properties of a node have their values, in bytes from the
/// start of the tree; 0 for those that it does not have.
struct KnownProperties: Sendable {
  private var offsets: [16 of UInt32] = .init(repeating: 0)

  subscript(property: KnownProperty) -> UInt32 {
    @inline(__always) get { offsets[property.rawValue] }
  }

  @inline(__always)
  mutating func removeAll() {
    for index in 0..<offsets.count { offsets[index] = 0 }
  }

  /// Notes a property by its raw value. Of two with the same name, the first
  /// counts.
  @inline(__always)
  mutating func add(_ property: Int, at offset: Int) {
    guard offsets[property & 15] == 0 else { return }
    offsets[property & 15] = UInt32(truncatingIfNeeded: offset)
  }
}

/// Which names were looked up already, by where they stand in the strings
/// block: a tree has a hundred properties with thirty names, and a name is
/// nearly always stored once.
struct NameCache: Sendable {
  /// The offset of a name as this hart loads it. Its lowest byte is zero, and
  /// holds what the name is plus one; so 0 is no entry.
  private var entries: [64 of UInt32] = .init(repeating: 0)

  /// The raw value of the known property that a token is, or 16 if it is
  /// another.
  ///
  /// - Throws: `blockOutside` if the name is not in the strings block.
  @inline(__always)
  mutating func property(
    _ token: PropertyToken, in strings: ByteView
  ) throws(DeviceTreeError) -> Int {
    let index = Int(token.nameWord >> 24 & 63)
    let (entry, value) = (entries[index], Int(entries[index] & 0xff))
    if value != 0, entry & ~0xff == token.nameWord { return value &- 1 }
    return try lookUp(token, in: strings, index)
  }

  @inline(__always)
  private mutating func lookUp(
    _ token: PropertyToken, in strings: ByteView, _ index: Int
  ) throws(DeviceTreeError) -> Int {
    let known = KnownProperty(try token.names(in: strings))
    let value = known?.rawValue ?? KnownProperty.count
    if token.nameWord & 0xff == 0 {
      entries[index] = token.nameWord | UInt32(value + 1)
    }
    return value
  }
}
