// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What every boot wants to know about the machine, from one pass over the
/// tree: memory, time and randomness.
public struct BootInfo: Sendable {
  /// The regions of memory, in the tree's order; of more than 12, the first.
  public var memory = RegionList<12>()

  /// The memory that is taken: regions that do not touch. More than 24 are
  /// refused.
  public var reserved = RegionList<24>()

  /// Random bytes from the firmware, or nil.
  public internal(set) var randomSeed: ByteView?

  /// Where those bytes start, in bytes from the start of the tree.
  public internal(set) var randomSeedOffset = 0

  /// Ticks of the clock in a second, or nil if the tree does not say.
  public internal(set) var frequency: UInt64?

  /// How many bytes the tree takes: see ``DeviceTree/usedSize``.
  public internal(set) var treeSize = 0

  /// Whether this hart has a timer of its own: the extension Sstc.
  public internal(set) var hasTimer = false

  /// Whether page table entries can say that memory must not be cached: the
  /// extension Svpbmt.
  public internal(set) var hasMemoryTypes = false

  /// What is known before the tree has been read: nothing.
  @inline(__always)
  public init() {}

  /// The random bytes are no longer there: what they were used for is secret.
  public mutating func forgetRandomSeed() { randomSeed = nil }
}

extension DeviceTree {
  /// What every boot wants to know, as the hart `identifier` sees it.
  ///
  /// One pass that skips the devices: about 17,000 instructions with QEMU's
  /// tree. Memory and what is reserved are expected where the specification
  /// puts them: nodes of the type `memory` right below the root (section 3.4),
  /// and the children of `/reserved-memory` (section 3.5). It answers as
  /// ``forEachMemoryRegion(_:)``, ``forEachReservedRegion(_:)``,
  /// ``forEachHart(_:)`` and ``randomSeed()`` do.
  ///
  /// - Throws: The first error in what is read, and `tooManyRegions` rather
  ///   than to forget a region that is reserved.
  public func bootInfo(
    hart identifier: UInt64
  ) throws(DeviceTreeError) -> BootInfo {
    var info = BootInfo()
    try read(&info, hart: identifier)
    return info
  }

  /// Adds to `info`, which knows nothing yet, what ``bootInfo(hart:)`` gives:
  /// for a place in memory that was set aside for it.
  @inline(never)
  public func read(
    _ info: inout BootInfo, hart identifier: UInt64
  ) throws(DeviceTreeError) {
    info.treeSize = usedSize
    try forEachBlockReservation { region throws(DeviceTreeError) in
      try info.reserve(region, at: reservations)
    }
    var scan = BootScan(hart: identifier)
    var nodes = nodes()
    while try nodes.begin() { try scan.read(&nodes, into: &info) }
  }
}

extension BootInfo {
  /// Adds a region that is taken, as the tree says at `offset`.
  @inline(never)
  fileprivate mutating func reserve(
    _ region: Region, at offset: Int
  ) throws(DeviceTreeError) {
    guard reserved.cover(region) else {
      throw DeviceTreeError(.tooManyRegions, at: offset)
    }
  }

  fileprivate mutating func readFrequency(
    _ property: Property?
  ) throws(DeviceTreeError) {
    guard frequency == nil else { return }
    frequency = try property?.number()
  }
}

/// Where the pass of ``DeviceTree/bootInfo(hart:)`` is.
///
///     / ─┬─ memory@…          depth 2
///        ├─ cpus ── cpu@…     depth 2, 3
///        ├─ reserved-memory ── …
///        ├─ chosen
///        └─ soc               skipped
private struct BootScan {
  /// The nodes right below the root, by what their children are.
  private enum Section {
    case harts, reserved, chosen, other

    init(_ name: ByteView) {
      self = .other
      switch name.count > 0 ? name[0] : 0 {
      case UInt8(ascii: "c"):
        if name == "cpus" { self = .harts }
        if name.isNamed("chosen") { self = .chosen }
      case UInt8(ascii: "r"):
        if name.isNamed("reserved-memory") { self = .reserved }
      default: break
      }
    }
  }

  private let hart: UInt64
  private var section = Section.other
  private var hasChosen = false
  private var hasHarts = false
  private var hasHart = false

  init(hart: UInt64) { self.hart = hart }

  /// Reads the node that `nodes` has begun, or passes it.
  @inline(__always)
  mutating func read(
    _ nodes: inout Nodes, into info: inout BootInfo
  ) throws(DeviceTreeError) {
    let depth = nodes.node.depth
    if depth == 2 {
      section = Section(nodes.node.name)
      // Memory may have any name, but has the property `device_type`.
      if section == .other,
        try nodes.skip(unlessOwn: UInt8(ascii: "d"))
      {
        return
      }
    }
    try nodes.readProperties()
    switch (depth, section) {
    case (1, _): return
    case (2, _):
      try begin(nodes.node, &info)
      if section == .harts || section == .reserved { return }
    case (_, .harts): try readHart(nodes.node, &info)
    case (_, .reserved):
      guard var regions = try nodes.node.reservedRegions() else { break }
      while let region = try regions.next() {
        guard let place = try nodes.node.reserve(region) else { continue }
        try info.reserve(place, at: nodes.node.offset)
      }
    default: break
    }
    _ = try nodes.skip()
  }

  // Of two sections called `cpus` or `chosen`, the first counts.
  @inline(__always)
  private mutating func begin(
    _ node: Node, _ info: inout BootInfo
  ) throws(DeviceTreeError) {
    try node.forEachMemoryRegion { _ = info.memory.append($0) }
    if section == .harts {
      if hasHarts { section = .other }
      hasHarts = true
      if section == .harts { try info.readFrequency(node[.frequency]) }
    } else if section == .chosen, !hasChosen {
      hasChosen = true
      let seed = node[.randomSeed]
      info.randomSeed = seed?.value
      info.randomSeedOffset = seed?.offset ?? 0
    }
  }

  @inline(__always)
  private mutating func readHart(
    _ node: Node, _ info: inout BootInfo
  ) throws(DeviceTreeError) {
    guard try node.isHart() else { return }
    try info.readFrequency(node[.frequency])
    guard !hasHart, try node.hartIdentifier() == hart else { return }
    hasHart = true
    try node.forEachExtension { name in
      if name == "sstc" { info.hasTimer = true }
      if name == "svpbmt" { info.hasMemoryTypes = true }
    }
  }
}
