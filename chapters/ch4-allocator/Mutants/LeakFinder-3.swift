// Misses the point: lists blocks, not the sites that they belong to.
// SPDX-License-Identifier: BSD-3-Clause

public struct Leak: Equatable, Sendable {
  public var site: UInt64
  public var blocks: UInt64
  public var bytes: UInt64

  public init(site: UInt64, blocks: UInt64, bytes: UInt64) {
    self.site = site
    self.blocks = blocks
    self.bytes = bytes
  }
}

public struct LeakFinder {
  public static var capacity: Int { 64 }

  private struct Block {
    var address: UInt64 = 0
    var size: UInt64 = 0
    var site: UInt64 = 0
    var isInUse = false
  }

  private var blocks = InlineArray<64, Block>(repeating: Block())
  private var count = 0

  public private(set) var doubleReleases: UInt64 = 0

  public private(set) var unknownReleases: UInt64 = 0

  public init() {}

  public mutating func allocated(
    _ address: UInt64, size: UInt64, site: UInt64
  ) {
    let index = index(of: address) ?? count
    if index == count { count += 1 }
    blocks[index] = Block(
      address: address, size: size, site: site, isInUse: true)
  }

  public mutating func released(_ address: UInt64) {
    guard let index = index(of: address) else {
      unknownReleases += 1
      return
    }
    if !blocks[index].isInUse { doubleReleases += 1 }
    blocks[index].isInUse = false
  }

  public func leak(_ rank: Int) -> Leak? {
    var last: Leak?
    for _ in 0...rank {
      last = leak(behind: last)
      if last == nil { return nil }
    }
    return last
  }

  private func index(of address: UInt64) -> Int? {
    for index in 0..<count where blocks[index].address == address {
      return index
    }
    return nil
  }

  private func leak(behind last: Leak?) -> Leak? {
    var best: Leak?
    for index in 0..<count where blocks[index].isInUse {
      let leak = total(of: blocks[index].site, blocks[index].size)
      if let last, !last.comesBefore(leak) { continue }
      if let best, !leak.comesBefore(best) { continue }
      best = leak
    }
    return best
  }

  private func total(of site: UInt64, _ size: UInt64) -> Leak {
    Leak(site: site, blocks: 1, bytes: size)
  }
}

extension Leak {
  fileprivate func comesBefore(_ other: Leak) -> Bool {
    bytes == other.bytes ? site < other.site : bytes > other.bytes
  }
}
