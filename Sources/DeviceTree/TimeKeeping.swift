// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What a hart's clock and timer need to know (section 3.8).
public struct TimeKeeping: Sendable {
  /// Ticks of the clock in a second, or nil if the tree does not say.
  public fileprivate(set) var frequency: UInt64?

  /// Whether the hart has a timer of its own: the extension Sstc.
  public fileprivate(set) var hasTimer = false
}

extension DeviceTree {
  /// How time is kept on the hart `identifier`.
  ///
  /// Every boot asks this, so it is one pass over the tokens, which ends
  /// behind `/cpus`: about 15,000 instructions with QEMU's tree.
  ///
  /// - Throws: The first error before the end of `/cpus`.
  public func timeKeeping(
    hart identifier: UInt64
  ) throws(DeviceTreeError) -> TimeKeeping {
    var tokens = TokenReader(self, at: structure.lowerBound)
    var search = Search(identifier: identifier)
    while !search.isOver {
      switch try tokens.next() {
      case .beginNode(let name): search.enter(name)
      case .property(let property): try search.read(property)
      case .endNode: search.leave()
      case .end: search.isOver = true
      }
    }
    return search.found
  }
}

/// Where the pass is, and what it has seen.
private struct Search {
  let identifier: UInt64
  var found = TimeKeeping()
  var isOver = false

  // The root's depth is 1, that of /cpus is 2, that of a hart is 3.
  private var depth = 0
  private var isInHarts = false
  private var isThisHart = false
  private var hartHasTimer = false

  init(identifier: UInt64) { self.identifier = identifier }

  mutating func enter(_ name: ByteView) {
    depth += 1
    if depth == 2 { isInHarts = name == "cpus" }
    if depth == 3 {
      isThisHart = false
      hartHasTimer = false
    }
  }

  mutating func leave() {
    if isInHarts, depth == 3, isThisHart { found.hasTimer = hartHasTimer }
    isOver = isInHarts && depth == 2
    depth -= 1
  }

  mutating func read(_ property: Property) throws(DeviceTreeError) {
    guard isInHarts, depth == 2 || depth == 3 else { return }
    if found.frequency == nil, property.isNamed("timebase-frequency") {
      found.frequency = try property.number()
    }
    guard depth == 3 else { return }
    if property.isNamed("reg") {
      isThisHart = try property.number() == identifier
    } else if property.isNamed("riscv,isa") {
      let set = InstructionSet(try property.string())
      hartHasTimer = hartHasTimer || set.contains(ByteView("sstc"))
    } else if property.isNamed("riscv,isa-extensions") {
      hartHasTimer = try property.contains("sstc")
    }
  }
}
