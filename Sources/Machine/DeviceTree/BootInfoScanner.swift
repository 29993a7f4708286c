// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Where the pass of ``DeviceTree/bootInfo(hart:)`` is, and what it has seen.
///
///     / ─┬─ memory@…          depth 2
///        ├─ cpus ── cpu@…     depth 2, 3
///        ├─ reserved-memory ── …
///        ├─ chosen
///        └─ soc               may be memory too, for all that its name says
///
/// Of a node's properties, the first of each name counts, as it does for
/// ``Node/property(named:)``. What they say is looked at when all of them have
/// been read.
struct BootInfoScanner {
  /// The nodes right below the root, by what their inside is good for.
  private enum Section { case harts, reservedMemory, chosen, other }

  /// Properties of the node at hand.
  private struct NodeFacts {
    var type = PropertyPlace()
    var status = PropertyPlace()
    var regions = PropertyPlace()
    var frequency = PropertyPlace()
    var instructionSet = PropertyPlace()
    var extensions = PropertyPlace()
  }

  var found = BootInfo()

  private let tree: DeviceTree
  private let hart: UInt64
  private var depth = 0
  private var section = Section.other
  private var hasChosen = false
  private var hasHarts = false
  private var hasHart = false
  private var node = NodeFacts()
  private var hasFacts = false
  /// Whether the node at hand is a hart by its name.
  private var isHart = false
  private var rootBus = BusFacts()
  /// The bus below the section.
  private var bus = BusFacts()

  @inline(__always)
  init(_ tree: DeviceTree, hart: UInt64) {
    (self.tree, self.hart) = (tree, hart)
  }

  /// A node begins, so all properties of the one above have been read.
  ///
  /// - Returns: Whether what is inside may matter.
  @inline(__always)
  mutating func interest(
    in name: ByteView
  ) throws(DeviceTreeError) -> Interest {
    if hasFacts { try finishNode() }
    switch depth {
    case 0: return .all
    case 1:
      beginSection(name)
      return section == .other ? .ifTyped : .all
    case 2 where section == .reservedMemory: return .all
    case 2 where section == .harts:
      isHart = name.isNamed("cpu")
      return .all
    default: return .nothing
    }
  }

  /// What in a node may matter.
  enum Interest {
    /// All that it holds.
    case all
    /// Nothing, unless it has a property that tells its type.
    case ifTyped
    /// Nothing: it is to be skipped.
    case nothing
  }

  /// Goes into the node in which there is an interest. The end of one that is
  /// skipped does not come here.
  @inline(__always)
  mutating func enter() { depth += 1 }

  // Of two sections called `cpus` or `chosen`, the first counts.
  @inline(__always)
  private mutating func beginSection(_ name: ByteView) {
    section = .other
    bus = BusFacts()
    guard name.count > 0 else { return }
    switch name[0] {
    case UInt8(ascii: "c") where name == "cpus":
      if !hasHarts { (section, hasHarts) = (.harts, true) }
    case UInt8(ascii: "c") where name.isNamed("chosen"):
      if !hasChosen { (section, hasChosen) = (.chosen, true) }
    case UInt8(ascii: "r") where name.isNamed("reserved-memory"):
      section = .reservedMemory
    default: return
    }
  }

  /// A node ends.
  @inline(__always)
  mutating func leave() throws(DeviceTreeError) {
    if hasFacts { try finishNode() }
    depth -= 1
  }

  /// Whether the property's first letter is one of those that matter: most
  /// are passed over by this look alone.
  @inline(__always)
  func mayWant(_ property: Property) -> Bool {
    let bit = UInt64(1) << UInt64(property.initial & 63)
    return Self.initials & bit != 0
  }

  /// A bit for each of `#drst`, by the lowest six bits of its code.
  private static var initials: UInt64 {
    1 << 0x23 | 1 << (0x64 & 63) | 1 << (0x72 & 63) | 1 << (0x73 & 63)
      | 1 << (0x74 & 63)
  }

  /// A property of the node that was entered last.
  @inline(__always)
  mutating func read(_ property: Property) {
    hasFacts = true
    switch property.initial {
    case UInt8(ascii: "d"):
      guard property.isNamed("device_type") else { return }
      Self.keep(property, in: &node.type)
    case UInt8(ascii: "s"):
      guard property.isNamed("status") else { return }
      Self.keep(property, in: &node.status)
    case UInt8(ascii: "r"): readR(property)
    case UInt8(ascii: "#"): readCells(property)
    case UInt8(ascii: "t"):
      guard section == .harts, property.isNamed("timebase-frequency")
      else { return }
      Self.keep(property, in: &node.frequency)
    default: return
    }
  }

  @inline(__always)
  private static func keep(
    _ property: Property, in place: inout PropertyPlace
  ) {
    guard place.start == 0 else { return }
    place.start = UInt32(truncatingIfNeeded: property.offset)
    place.count = UInt32(truncatingIfNeeded: property.value.count)
  }

  @inline(__always)
  private mutating func readR(_ property: Property) {
    if property.isNamed("reg") {
      Self.keep(property, in: &node.regions)
    } else if section == .chosen, depth == 2, property.isNamed("rng-seed") {
      if found.randomSeed == nil {
        found.randomSeed = property.value
        found.randomSeedOffset = property.offset
      }
    } else if section == .reservedMemory, depth == 2 {
      if property.isNamed("ranges") { Self.keep(property, in: &bus.ranges) }
    } else if section == .harts, depth == 3 {
      readInstructionSet(property)
    }
  }

  private mutating func readInstructionSet(_ property: Property) {
    if property.isNamed("riscv,isa") {
      Self.keep(property, in: &node.instructionSet)
    } else if property.isNamed("riscv,isa-extensions") {
      Self.keep(property, in: &node.extensions)
    }
  }

  @inline(__always)
  private mutating func readCells(_ property: Property) {
    guard depth == 1 || depth == 2, section != .chosen else { return }
    if property.isNamed("#address-cells") {
      Self.keep(property, in: &bus.addressCells)
    } else if property.isNamed("#size-cells") {
      Self.keep(property, in: &bus.sizeCells)
    }
  }

  // MARK: - Conclusions

  /// Draws the conclusions from the node's properties, and forgets them.
  @inline(never)
  private mutating func finishNode() throws(DeviceTreeError) {
    switch (depth, section) {
    case (1, _): rootBus = bus
    case (2, .other): try finishMemory()
    case (2, .harts): try noteFrequency()
    case (3, .harts): try finishHart()
    case (3, .reservedMemory): try finishReserved()
    default: break
    }
    node.type.start = 0
    node.status.start = 0
    node.regions.start = 0
    node.frequency.start = 0
    node.instructionSet.start = 0
    node.extensions.start = 0
    hasFacts = false
  }

  @inline(never)
  private mutating func noteFrequency() throws(DeviceTreeError) {
    guard found.frequency == nil else { return }
    found.frequency = try tree.property(node.frequency)?.number()
  }

  private mutating func finishMemory() throws(DeviceTreeError) {
    guard try tree.contains("memory", node.type),
      try tree.isOkay(node.status),
      var regions = try rootBus.regions(node.regions, tree)
    else { return }
    while let region = try regions.next() { _ = found.memory.append(region) }
  }

  private mutating func finishHart() throws(DeviceTreeError) {
    if !isHart {
      guard try tree.contains("cpu", node.type) else { return }
    }
    try noteFrequency()
    guard !hasHart, var regions = try bus.regions(node.regions, tree),
      try regions.next()?.start == hart
    else { return }
    hasHart = true
    if node.extensions.start != 0 {
      found.hasTimer = try tree.contains("sstc", node.extensions)
      found.hasMemoryTypes = try tree.contains("svpbmt", node.extensions)
    } else if let isa = tree.property(node.instructionSet) {
      var set = InstructionSet(isa.withoutEnd)
      while let name = set.nextName() {
        if name == "sstc" { found.hasTimer = true }
        if name == "svpbmt" { found.hasMemoryTypes = true }
      }
    }
  }

  private mutating func finishReserved() throws(DeviceTreeError) {
    guard try tree.isOkay(node.status),
      var regions = try bus.regions(node.regions, tree)
    else { return }
    while let region = try regions.next() {
      guard let place = try tree.translate(region, bus, to: rootBus) else {
        continue
      }
      try reserve(place, at: Int(node.regions.start))
    }
  }

  /// Adds a reserved region, which the bytes at `offset` of the tree describe.
  mutating func reserve(
    _ region: Region, at offset: Int
  ) throws(DeviceTreeError) {
    guard found.reserved.cover(region) else {
      throw DeviceTreeError(.tooManyRegions, at: offset)
    }
  }
}

/// How the addresses below a node are written.
private struct BusFacts {
  var addressCells = PropertyPlace()
  var sizeCells = PropertyPlace()
  var ranges = PropertyPlace()

  /// The regions of a node's `reg` on this bus.
  @inline(never)
  func regions(
    _ place: PropertyPlace, _ tree: DeviceTree
  ) throws(DeviceTreeError) -> Regions? {
    guard let property = tree.property(place) else { return nil }
    return Regions(
      property, try tree.cellCount(addressCells, or: 2),
      try tree.cellCount(sizeCells, or: 1))
  }
}

/// Where a property's value stands in the tree; nowhere if it starts at 0.
private struct PropertyPlace {
  var start: UInt32 = 0
  var count: UInt32 = 0
}

// Functions of the tree and not of the scanner, which would be copied.
extension DeviceTree {
  @inline(never)
  fileprivate func property(_ place: PropertyPlace) -> Property? {
    guard place.start != 0 else { return nil }
    let start = Int(place.start)
    return Property(
      value: bytes[start..<start + Int(place.count)], offset: start,
      names: ByteView(""))
  }

  @inline(never)
  fileprivate func contains(
    _ text: StaticString, _ place: PropertyPlace
  ) throws(DeviceTreeError) -> Bool {
    try property(place)?.contains(text) ?? false
  }

  @inline(never)
  fileprivate func isOkay(
    _ status: PropertyPlace
  ) throws(DeviceTreeError) -> Bool {
    guard let text = try property(status)?.string() else { return true }
    return text == "okay" || text == "ok"
  }

  /// Where a region of `bus` is for the bus above, or nil if it is not shown
  /// there. A missing `ranges` moves nothing: to forget what is reserved would
  /// be worse than to believe an address.
  @inline(never)
  fileprivate func translate(
    _ region: Region, _ bus: BusFacts, to above: BusFacts
  ) throws(DeviceTreeError) -> Region? {
    guard bus.ranges.count > 0, let ranges = property(bus.ranges) else {
      return region
    }
    return try region.moved(
      through: ranges, inner: try cellCount(bus.addressCells, or: 2),
      outer: try cellCount(above.addressCells, or: 2),
      sizes: try cellCount(bus.sizeCells, or: 1))
  }

  @inline(never)
  fileprivate func cellCount(
    _ place: PropertyPlace, or missing: Int
  ) throws(DeviceTreeError) -> Int {
    try property(place)?.cellCount() ?? missing
  }
}

extension Property {
  /// The bytes without the zero that ends the one string of the value: it is
  /// not looked for, as instruction sets are long.
  var withoutEnd: ByteView { value[0..<max(value.count - 1, 0)] }

  /// The first byte of the name, which tells most names apart.
  @inline(__always)
  var initial: UInt8 { names[0] }
}
