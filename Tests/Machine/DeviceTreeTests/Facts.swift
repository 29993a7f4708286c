// SPDX-License-Identifier: BSD-3-Clause

import Hart

@testable import DeviceTree

/// What a tree says of the machine, however it is asked.
struct Facts: Equatable {
  var memory: [Region] = []
  /// Without gaps where regions touch, in ascending order.
  var reserved: [Region] = []
  var seed: [UInt8]?
  var frequency: UInt64?
  /// For each hart, whether it has Sstc and Svpbmt.
  var harts: [UInt64: [Bool]] = [:]
}

extension Facts {
  /// As the one pass tells it that every boot makes.
  init(bootInfo tree: DeviceTree, harts: [UInt64]) throws {
    let bootInfo = try tree.bootInfo(hart: harts.first ?? 0)
    memory = (0..<bootInfo.memory.count).map { bootInfo.memory[$0] }
    reserved = merged(
      (0..<bootInfo.reserved.count).map { bootInfo.reserved[$0] })
    seed = bootInfo.randomSeed.map([UInt8].init)
    frequency = bootInfo.frequency
    for hart in harts {
      let bootInfo = try tree.bootInfo(hart: hart)
      self.harts[hart] = [bootInfo.hasTimer, bootInfo.hasMemoryTypes]
    }
  }

  /// As programs find it that ask for the nodes.
  init(nodesOf tree: DeviceTree) throws {
    try tree.forEachMemoryRegion { memory.append($0) }
    memory = Array(memory.prefix(12))
    var regions: [Region] = []
    try tree.forEachReservedRegion { regions.append($0.region) }
    reserved = merged(regions)
    seed = try tree.randomSeed().map([UInt8].init)
    frequency = try Facts.frequency(tree)
    try tree.forEachHart { hart throws(DeviceTreeError) in
      guard harts[hart.identifier] == nil else { return }
      harts[hart.identifier] = [
        try hart.hasExtension("sstc"), try hart.hasExtension("svpbmt"),
      ]
    }
  }

  private static func frequency(_ tree: DeviceTree) throws -> UInt64? {
    var sections = try tree.root().children()
    let harts = try sections.first { $0.name == "cpus" }
    let name: StaticString = "timebase-frequency"
    if let found = try harts?.property(named: name) {
      return try found.number()
    }
    var found: UInt64?
    try tree.forEachHart { hart throws(DeviceTreeError) in
      guard found == nil else { return }
      found = try hart.node.property(named: name)?.number()
    }
    return found
  }
}

extension Facts {
  /// As the second reader tells it: see ``Tree/init(flattened:)``.
  init(naive bytes: [UInt8]) throws {
    let root = try Tree(flattened: bytes)
    for child in root.children
    where try child.strings("device_type")
      .contains("memory") && child.isOkay()
    {
      memory += try child.regions(in: root)
    }
    memory = Array(memory.prefix(12))
    var regions = try Tree.reservations(in: bytes).map(region)
    for section in root.children where section.isCalled("reserved-memory") {
      regions += try section.reserved(below: root)
    }
    reserved = merged(regions)
    seed = root.children.first { $0.isCalled("chosen") }?["rng-seed"]
    guard let section = root.children.first(where: { $0.name == "cpus" })
    else { return }
    try readHarts(section)
  }

  private mutating func readHarts(_ section: Tree) throws {
    frequency = try section.frequency()
    for hart in section.children where try hart.isHart() {
      frequency = try frequency ?? hart.frequency()
      guard let place = try hart.regions(in: section).first else {
        throw Malformed()
      }
      guard harts[place.start] == nil else { continue }
      let names = try hart.extensions()
      harts[place.start] = [names.contains("sstc"), names.contains("svpbmt")]
    }
  }
}

private func region(_ start: UInt64, _ size: UInt64) throws -> Region {
  guard let region = Region(start: start, size: size) else {
    throw Malformed()
  }
  return region
}

extension Tree {
  fileprivate func regions(in bus: Tree) throws -> [Region] {
    let counts = try bus.cellCounts()
    return try rows(self["reg"] ?? [], [counts.address, counts.size])
      .map { try region($0[0], $0[1]) }
  }

  /// What is reserved in this section, in the root's addresses.
  fileprivate func reserved(below root: Tree) throws -> [Region] {
    var found: [Region] = []
    for child in children where try child.isOkay() {
      found += try child.regions(in: self)
    }
    guard let ranges = self["ranges"], !ranges.isEmpty else { return found }
    let (inner, outer) = (try cellCounts(), try root.cellCounts())
    let windows = try rows(ranges, [inner.address, outer.address, inner.size])
      .map { (try region($0[0], $0[2]), try region($0[1], $0[2])) }
    return found.compactMap { place in
      guard let (from, to) = windows.first(where: { $0.0.contains(place) })
      else { return nil }
      return Region(
        start: to.start + (place.start - from.start), size: place.size)
    }
  }

  fileprivate func isHart() throws -> Bool {
    try isCalled("cpu") || strings("device_type").contains("cpu")
  }

  fileprivate func frequency() throws -> UInt64? {
    guard let value = self["timebase-frequency"] else { return nil }
    guard value.count == 4 || value.count == 8 else { throw Malformed() }
    return try rows(value, [value.count / 4])[0][0]
  }

  fileprivate func extensions() throws -> [String] {
    if self["riscv,isa-extensions"] != nil {
      return try strings("riscv,isa-extensions")
    }
    guard let text = try strings("riscv,isa").first else { return [] }
    let names = text.dropFirst(text.hasPrefix("rv64") ? 4 : 0)
      .drop { !"sxz_".contains($0) }
    return names.split(separator: "_").map(String.init)
  }
}

private func merged(_ regions: [Region]) -> [Region] {
  var result: [Region] = []
  for region in regions.sorted(by: { $0.start < $1.start })
  where region.size > 0 {
    if let last = result.last, region.start <= last.end {
      let end = max(last.end, region.end)
      result[result.count - 1] =
        Region(start: last.start, size: end - last.start) ?? last
    } else {
      result.append(region)
    }
  }
  return result
}
