// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Where the pass of ``DeviceTree/survey(hart:)`` is, and what it has seen.
///
///     / ─┬─ memory@…          depth 2
///        ├─ cpus ── cpu@…     depth 2, 3
///        ├─ reserved-memory ── …
///        └─ chosen
struct Surveyor {
  /// The nodes right below the root whose inside matters.
  private enum Section { case memory, harts, reservedMemory, chosen }

  /// What the properties of the node at hand have told so far.
  private struct NodeFacts {
    var isMemory = false
    var isUsable = true
    var hasTimer = false
    var hasMemoryTypes = false
    var regions: Property?
  }

  var found = Survey()

  private let hart: UInt64
  private var depth = 0
  private var section = Section.chosen
  private var node = NodeFacts()
  private var hasFacts = false
  /// How many cells an address and a size take: the root's, then the
  /// section's.
  private var rootCells = (address: 2, size: 1)
  private var sectionCells = (address: 2, size: 1)

  init(hart: UInt64) { self.hart = hart }

  /// A node begins, so all properties of the one above have been read.
  ///
  /// - Returns: Whether what is inside may matter. If not, the node is to be
  ///   skipped, and its end does not come here.
  @inline(__always)
  mutating func enter(_ name: ByteView) throws(DeviceTreeError) -> Bool {
    if hasFacts { try finishNode() }
    guard depth < 3 else { return false }
    if depth == 2, section == .harts, !name.starts(with: "cpu@") {
      return false
    }
    if depth == 1 {
      guard let section = Self.section(called: name) else { return false }
      self.section = section
      sectionCells = (2, 1)
    }
    depth += 1
    return true
  }

  @inline(__always)
  private static func section(called name: ByteView) -> Section? {
    guard name.count > 0 else { return nil }
    switch name[0] {
    case UInt8(ascii: "m") where name.starts(with: "memory"): return .memory
    case UInt8(ascii: "c") where name == "cpus": return .harts
    case UInt8(ascii: "c") where name == "chosen": return .chosen
    case UInt8(ascii: "r") where name == "reserved-memory":
      return .reservedMemory
    default: return nil
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
  mutating func read(_ property: Property) throws(DeviceTreeError) {
    hasFacts = true
    switch property.initial {
    case UInt8(ascii: "d"):
      guard section == .memory, property.isNamed("device_type") else { return }
      node.isMemory = try property.contains("memory")
    case UInt8(ascii: "s"):
      guard section == .memory || section == .reservedMemory,
        property.isNamed("status")
      else { return }
      let status = try property.string()
      node.isUsable = status == "okay" || status == "ok"
    case UInt8(ascii: "r"): try readR(property)
    case UInt8(ascii: "#"): try readCells(property)
    case UInt8(ascii: "t"):
      guard section == .harts, found.frequency == nil,
        property.isNamed("timebase-frequency")
      else { return }
      found.frequency = try property.number()
    default: return
    }
  }

  @inline(__always)
  private mutating func readR(_ property: Property) throws(DeviceTreeError) {
    if property.isNamed("reg") {
      node.regions = property
    } else if section == .chosen, depth == 2, property.isNamed("rng-seed") {
      found.randomSeed = property.value
    } else if section == .harts, depth == 3 {
      try readInstructionSet(property)
    }
  }

  private mutating func readInstructionSet(
    _ property: Property
  ) throws(DeviceTreeError) {
    if property.isNamed("riscv,isa") {
      // With the zero at its end, the last name would not be found.
      let text = property.value
      var set = InstructionSet(text[0..<max(text.count - 1, 0)])
      while let name = set.nextName() {
        if name == "sstc" { node.hasTimer = true }
        if name == "svpbmt" { node.hasMemoryTypes = true }
      }
    } else if property.isNamed("riscv,isa-extensions") {
      node.hasTimer = try property.contains("sstc")
      node.hasMemoryTypes = try property.contains("svpbmt")
    }
  }

  @inline(__always)
  private mutating func readCells(
    _ property: Property
  ) throws(DeviceTreeError) {
    guard depth == 1 || depth == 2 else { return }
    let isAddress = property.isNamed("#address-cells")
    guard isAddress || property.isNamed("#size-cells") else { return }
    let count = try property.number32()
    guard count <= 4 else {
      throw DeviceTreeError(.badValue, at: property.offset)
    }
    switch (depth, isAddress) {
    case (1, true): rootCells.address = Int(count)
    case (1, false): rootCells.size = Int(count)
    case (_, true): sectionCells.address = Int(count)
    case (_, false): sectionCells.size = Int(count)
    }
  }

  /// Draws the conclusions from the node's properties, and forgets them.
  @inline(never)
  private mutating func finishNode() throws(DeviceTreeError) {
    defer {
      node = NodeFacts()
      hasFacts = false
    }
    guard let regions = node.regions else { return }
    if depth == 2, section == .memory, node.isMemory, node.isUsable {
      try addMemory(regions)
    }
    if depth == 3, section == .harts { try finishHart(regions) }
    if depth == 3, section == .reservedMemory, node.isUsable {
      try addReserved(regions)
    }
  }

  private mutating func finishHart(
    _ regions: Property
  ) throws(DeviceTreeError) {
    guard try regions.number() == hart else { return }
    found.hasTimer = node.hasTimer
    found.hasMemoryTypes = node.hasMemoryTypes
  }

  private mutating func addMemory(
    _ property: Property
  ) throws(DeviceTreeError) {
    var regions = Regions(property, rootCells.address, rootCells.size)
    while let region = try regions.next() { _ = found.memory.append(region) }
  }

  private mutating func addReserved(
    _ property: Property
  ) throws(DeviceTreeError) {
    var regions = Regions(property, sectionCells.address, sectionCells.size)
    while let region = try regions.next() {
      try reserve(region, at: property.offset)
    }
  }

  /// Notes that `region` is taken, as something at `offset` says.
  mutating func reserve(
    _ region: Region, at offset: Int
  ) throws(DeviceTreeError) {
    guard found.reserved.append(region) else {
      throw DeviceTreeError(.tooManyRegions, at: offset)
    }
  }
}

extension Property {
  /// The first byte of the name, which tells most names apart.
  @inline(__always)
  fileprivate var initial: UInt8 { names[0] }
}
