// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 4.1: find the leak. See `make hint EX=4.1`.

//@ solution
//@ stub
//| import Todo
//|
//@ end
/// What one place of a program has in use.
public struct Leak: Equatable, Sendable {
  /// The number of the place that has asked for it: a call site.
  public var site: UInt64
  /// How many blocks.
  public var blocks: UInt64
  /// How many bytes, in all of them together.
  public var bytes: UInt64

  public init(site: UInt64, blocks: UInt64, bytes: UInt64) {
    self.site = site
    self.blocks = blocks
    self.bytes = bytes
  }
}

/// Is told what a heap does, and tells what was never given back.
///
///     allocated 0x1000, 40 bytes, site 7
///     allocated 0x2000, 64 bytes, site 9
///     released  0x1000
///     allocated 0x1000, 24 bytes, site 8    the same address, another block
///     released  0x2000
///     released  0x2000                      a double release
///     released  0x3000                      an unknown address
///                                           in use: 24 bytes of site 8
///
/// The heap itself calls it, so it must not need one: no array, no string, no
/// object. It has room for as many addresses as a log may have.
public struct LeakFinder {
  /// How many different addresses a log may have.
  public static var capacity: Int { 64 }

  private struct Block {
    var address: UInt64 = 0
    var size: UInt64 = 0
    var site: UInt64 = 0
    var isInUse = false
  }

  /// The last block at each address that was seen.
  private var blocks = InlineArray<64, Block>(repeating: Block())
  /// How many addresses were seen.
  private var count = 0

  /// How many releases there were of a block that was released before, and
  /// whose address has not been handed out again since.
  public private(set) var doubleReleases: UInt64 = 0

  /// How many releases there were of an address that was never handed out.
  public private(set) var unknownReleases: UInt64 = 0

  /// A finder that has not been told anything.
  public init() {}

  /// The heap has handed out `size` bytes at `address`, which no block has in
  /// use, to the call site `site`.
  public mutating func allocated(
    _ address: UInt64, size: UInt64, site: UInt64
  ) {
    //@ solution
    let index = index(of: address) ?? count
    if index == count { count += 1 }
    blocks[index] = Block(
      address: address, size: size, site: site, isInUse: true)
    //@ stub
    //| // TODO: keep the block. Was its address seen before? Remove `todo`.
    //| todo("4.1")
    //@ end
  }

  /// The program has released `address`, rightly or not.
  public mutating func released(_ address: UInt64) {
    //@ solution
    guard let index = index(of: address) else {
      unknownReleases += 1
      return
    }
    if !blocks[index].isInUse { doubleReleases += 1 }
    blocks[index].isInUse = false
    //@ stub
    //| // TODO: the block is no longer in use; or count what is wrong with
    //| // this release. Remove `todo`.
    //| todo("4.1")
    //@ end
  }

  /// What is in use, by call site: the site with the most bytes first. Of two
  /// with as many bytes, the one with the lower number comes first.
  ///
  /// - Parameter rank: 0 for the first, 1 for the second, and so on.
  /// - Returns: All that this site has in use, or nil behind the last.
  public func leak(_ rank: Int) -> Leak? {
    //@ solution
    var last: Leak?
    for _ in 0...rank {
      last = leak(behind: last)
      if last == nil { return nil }
    }
    return last
    //@ stub
    //| // TODO: add up the blocks of each site that are in use, and find the
    //| // one with this rank. Remove `todo`.
    //| todo("4.1")
    //@ end
  }
  //@ solution

  private func index(of address: UInt64) -> Int? {
    for index in 0..<count where blocks[index].address == address {
      return index
    }
    return nil
  }

  /// The first leak that comes behind `last`, or the very first one.
  private func leak(behind last: Leak?) -> Leak? {
    var best: Leak?
    for index in 0..<count where blocks[index].isInUse {
      let leak = total(of: blocks[index].site)
      if let last, !last.comesBefore(leak) { continue }
      if let best, !leak.comesBefore(best) { continue }
      best = leak
    }
    return best
  }

  private func total(of site: UInt64) -> Leak {
    var leak = Leak(site: site, blocks: 0, bytes: 0)
    for index in 0..<count
    where blocks[index].isInUse && blocks[index].site == site {
      leak.blocks += 1
      leak.bytes += blocks[index].size
    }
    return leak
  }
  //@ stub
  //@ end
}
//@ solution

extension Leak {
  fileprivate func comesBefore(_ other: Leak) -> Bool {
    bytes == other.bytes ? site < other.site : bytes > other.bytes
  }
}
//@ stub
//@ end
