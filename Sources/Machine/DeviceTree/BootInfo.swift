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
  /// One pass over the tokens, which skips the devices: about 16,000
  /// instructions with QEMU's tree. Memory and what is reserved are expected
  /// where the specification puts them: nodes of the type `memory` right below
  /// the root (section 3.4), and the children of `/reserved-memory` (section
  /// 3.5). It answers as ``forEachMemoryRegion(_:)``,
  /// ``forEachReservedRegion(_:)``, ``forEachHart(_:)`` and ``randomSeed()``
  /// do.
  ///
  /// - Throws: The first error in the structure block or in a value that is
  ///   asked for, and `tooManyRegions` rather than to forget one that is
  ///   reserved.
  @_optimize(speed)
  public func bootInfo(
    hart identifier: UInt64
  ) throws(DeviceTreeError) -> BootInfo {
    var scanner = BootInfoScanner(self, hart: identifier)
    var reservation = reservations
    while let region = try blockReservation(at: reservation) {
      try scanner.reserve(region, at: reservation)
      reservation += 16
    }
    var tokens = TokenReader(self, at: structure.lowerBound)
    while true {
      switch try tokens.step() {
      case .beginNode(let name):
        let interest = try scanner.interest(in: name)
        // The first letter of `device_type`.
        let initial: UInt8 = interest == .ifTyped ? 0x64 : 0
        if interest == .all {
          scanner.enter()
        } else if try !tokens.skipNode(unlessOwn: initial) {
          scanner.enter()
        }
      case .property(let property):
        if scanner.mayWant(property) { scanner.read(property) }
      case .endNode: try scanner.leave()
      case .end:
        scanner.found.treeSize = usedSize
        return scanner.found
      }
    }
  }
}
