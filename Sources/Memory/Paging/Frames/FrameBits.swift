// SPDX-License-Identifier: BSD-3-Clause

/// Which of the 512 frames of a megapage are free: a bit for each.
///
/// Runs are found by folding: `bits & bits >> 1` has a bit where two free
/// frames begin, folded again by 2 where four do, and so on. Every call looks
/// at eight words, whatever they hold.
struct FrameBits {
  /// How many frames a megapage has: as many as a 2 MiB page covers.
  static var count: Int { 512 }

  private var words: [8 of UInt64] = .init(repeating: 0)

  /// No frame is free.
  init() {}

  /// Frames are free as the word at each of eight positions tells.
  init(word: (Int) -> UInt64) {
    for index in words.indices { words[index] = word(index) }
  }

  /// 64 frames, from 0 up to 8.
  subscript(word index: Int) -> UInt64 { words[index] }

  /// Sets the frames in `range`, from 0 up to 512, to free or not.
  @inline(never)
  mutating func set(_ range: Range<Int>, free: Bool) {
    for index in Self.words(of: range) {
      let mask = Self.mask(of: range, inWord: index)
      words[index] = free ? words[index] | mask : words[index] & ~mask
    }
  }

  /// Whether the frames in `range` are all free.
  @inline(never)
  func areFree(_ range: Range<Int>) -> Bool {
    for index in Self.words(of: range) {
      let mask = Self.mask(of: range, inWord: index)
      if words[index] & mask != mask { return false }
    }
    return true
  }

  /// Whether one of the frames in `range` is free.
  @inline(never)
  func isAnyFree(_ range: Range<Int>) -> Bool {
    for index in Self.words(of: range)
    where words[index] & Self.mask(of: range, inWord: index) != 0 {
      return true
    }
    return false
  }

  /// Where the lowest run of 2 to the power of `order` free frames starts, at
  /// a multiple of its size, or nil. Orders go from 0 to 9.
  @inline(never)
  func firstRun(order: Int) -> Int? {
    guard order < 6 else { return firstRun(ofWords: 1 << (order - 6)) }
    for index in words.indices {
      let starts = Self.alignedRuns(in: words[index], order: order)
      if starts != 0 { return index * 64 + starts.trailingZeroBitCount }
    }
    return nil
  }

  /// The largest order for which ``firstRun(order:)`` finds a run, or nil if
  /// no frame is free.
  var largestOrder: Int? {
    for order in (6...9).reversed()
    where Self.alignedRuns(ofWords: 1 << (order - 6), in: fullWords) != 0 {
      return order
    }
    for order in (0...5).reversed() where firstRun(order: order) != nil {
      return order
    }
    return nil
  }

  /// The first frame of an aligned run of 1, 2, 4 or 8 words whose frames are
  /// all free, or nil: ``firstRun(order:)`` for orders of 6 and more.
  private func firstRun(ofWords count: Int) -> Int? {
    let starts = Self.alignedRuns(ofWords: count, in: fullWords)
    return starts == 0 ? nil : starts.trailingZeroBitCount * 64
  }

  /// A bit for each word whose frames are all free.
  @_optimize(speed)
  private var fullWords: UInt64 {
    var full: UInt64 = 0
    for index in words.indices where words[index] == .max {
      full |= 1 << UInt64(index)
    }
    return full
  }

  /// A bit where each aligned run of so many full words starts.
  private static func alignedRuns(
    ofWords count: Int, in full: UInt64
  ) -> UInt64 {
    switch count {
    case 1: full
    case 2: full & full >> 1 & 0b0101_0101
    case 4: full & full >> 1 & full >> 2 & full >> 3 & 0b0001_0001
    default: full == 0xFF ? 1 : 0
    }
  }

  /// A bit where each aligned run of 2 to the power of `order` free frames
  /// starts; orders from 0 to 5.
  private static func alignedRuns(in word: UInt64, order: Int) -> UInt64 {
    var starts = word
    for step in 0..<order { starts &= starts >> UInt64(1 << step) }
    // A one at each multiple of the run's size.
    return starts & (.max / ((1 << UInt64(1 << order)) - 1))
  }

  /// The words in which the frames in `range` have their bits.
  @inline(never)
  private static func words(of range: Range<Int>) -> Range<Int> {
    range.isEmpty ? 0..<0 : range.lowerBound / 64..<(range.upperBound + 63) / 64
  }

  /// The bits that the frames in `range` have in one word.
  private static func mask(of range: Range<Int>, inWord index: Int) -> UInt64 {
    bits(from: range.lowerBound &- index &* 64)
      & ~bits(from: range.upperBound &- index &* 64)
  }

  /// The bits of a word from `position` on; none if it lies behind the word.
  private static func bits(from position: Int) -> UInt64 {
    position >= 64 ? 0 : .max &<< UInt64(truncatingIfNeeded: max(position, 0))
  }
}
