// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A few ranges of addresses in ascending order that do not touch.
///
///     insert ───▶  ├────┤   ├──────────┤
///     remove ───▶  ├────┤   ├──┤    ├──┤
///
/// They are kept in words of a memory that was set aside for them, and a value
/// of this type only knows where. So it cannot be copied: two values would
/// share the words, and each would count its own ranges.
///
/// Each call is linear in the ranges, of which a machine has a handful.
public struct AddressRanges<Memory: WordMemory>: ~Copyable {
  /// How many ranges there is room for.
  public static var capacity: Int { 64 }

  /// How many bytes they take.
  public static var storageSize: UInt64 { UInt64(capacity) * 16 }

  private let memory: Memory
  private let base: UInt64

  /// How many ranges there are.
  public private(set) var count = 0

  /// No address at all, with room for more in the words from `base` on.
  public init(in memory: Memory, at base: UInt64) {
    self.memory = memory
    self.base = base
  }

  /// The range at `index`, which must be from 0 up to `count`.
  public subscript(index: Int) -> Range<UInt64> {
    precondition(index >= 0 && index < count)
    let place = place(of: index)
    return memory.load(place)..<memory.load(place &+ 8)
  }

  /// Where a range is kept. The words are there, so no sum overflows.
  private func place(of index: Int) -> UInt64 {
    base &+ UInt64(truncatingIfNeeded: index) &* 16
  }

  /// Whether every address of `range` is in here.
  @inline(never)
  public func contains(_ range: Range<UInt64>) -> Bool {
    for index in 0..<count {
      let one = self[index]
      if one.lowerBound <= range.lowerBound, range.upperBound <= one.upperBound
      {
        return true
      }
    }
    return range.isEmpty
  }

  /// Whether any address of `range` is in here.
  @inline(never)
  public func meets(_ range: Range<UInt64>) -> Bool {
    for index in 0..<count {
      let one = self[index]
      if one.lowerBound < range.upperBound, range.lowerBound < one.upperBound {
        return true
      }
    }
    return false
  }

  /// How many addresses there are.
  public var total: UInt64 {
    var sum: UInt64 = 0
    for index in 0..<count { sum += self[index].size }
    return sum
  }

  /// Adds the addresses of `range`; what it touches grows together.
  ///
  /// - Returns: Whether there was room. If not, nothing has changed.
  @inline(never)
  public mutating func insert(_ range: Range<UInt64>) -> Bool {
    guard !range.isEmpty else { return true }
    var (low, high) = (range.lowerBound, range.upperBound)
    var first = 0
    while first < count, self[first].upperBound < low { first += 1 }
    var last = first
    while last < count, self[last].lowerBound <= high {
      low = min(low, self[last].lowerBound)
      high = max(high, self[last].upperBound)
      last += 1
    }
    guard replace(first..<last, by: 1) else { return false }
    set(first, low..<high)
    return true
  }

  /// Takes the addresses of `range` out.
  ///
  /// - Returns: Whether there was room for a range that falls in two. If not,
  ///   its upper part is gone as well: too little is left, never too much.
  @inline(never)
  @discardableResult
  public mutating func remove(_ range: Range<UInt64>) -> Bool {
    var fits = true
    var index = 0
    while index < count, !range.isEmpty {
      let one = self[index]
      guard one.overlaps(range) else {
        index += 1
        continue
      }
      let low = one.lowerBound..<max(one.lowerBound, range.lowerBound)
      let high = min(one.upperBound, range.upperBound)..<one.upperBound
      var pieces = (low.isEmpty ? 0 : 1) + (high.isEmpty ? 0 : 1)
      if !replace(index..<index + 1, by: pieces) {
        (pieces, fits) = (1, false)
      }
      if !low.isEmpty { set(index, low) }
      if !high.isEmpty, fits { set(index + pieces - 1, high) }
      index += pieces
    }
    return fits
  }

  /// Makes each range smaller, to whole frames.
  public mutating func shrinkToFrames() {
    var kept = 0
    for index in 0..<count {
      let high = self[index].upperBound.roundedDown(to: Frame.size)
      guard let low = self[index].lowerBound.roundedUp(to: Frame.size),
        low < high
      else { continue }
      set(kept, low..<high)
      kept += 1
    }
    count = kept
  }

  /// Makes room for `pieces` ranges where those at `old` are.
  @inline(never)
  private mutating func replace(_ old: Range<Int>, by pieces: Int) -> Bool {
    let growth = pieces - old.count
    guard count + growth <= Self.capacity else { return false }
    if growth > 0 {
      for index in (old.upperBound..<count).reversed() {
        set(index + growth, self[index])
      }
    } else if growth < 0 {
      for index in old.upperBound..<count { set(index + growth, self[index]) }
    }
    count += growth
    return true
  }

  private func set(_ index: Int, _ range: Range<UInt64>) {
    let place = place(of: index)
    memory.store(range.lowerBound, at: place)
    memory.store(range.upperBound, at: place &+ 8)
  }
}

extension Range<UInt64> {
  /// How many addresses there are.
  var size: UInt64 { upperBound - lowerBound }
}

extension UInt64 {
  /// The largest multiple of `unit`, a power of two, that is not above.
  func roundedDown(to unit: UInt64) -> UInt64 { self & ~(unit - 1) }

  /// The smallest multiple of `unit`, a power of two, that is not below; nil
  /// if it does not fit.
  func roundedUp(to unit: UInt64) -> UInt64? {
    let (sum, overflow) = addingReportingOverflow(unit - 1)
    return overflow ? nil : sum.roundedDown(to: unit)
  }
}
