// SPDX-License-Identifier: BSD-3-Clause

/// Free blocks sorted by size, so that one of a suitable size is found in
/// constant time.
///
/// Blocks below 512 bytes have a list for each size. Above, every doubling of
/// the size is divided into 16 classes. Two levels of bits tell which lists
/// hold a block:
///
///     summary  0 0 0 0 1 0 1 1        which of the words below are not 0
///                      │   └ bits     64 lists each, that is, four
///                      └───── bits    doublings of the size
///
/// (Masmano, Ripoll, Crespo and Real, "TLSF: a New Dynamic Memory Allocator for
/// Real-Time Systems", 2004. There the first level is one doubling; four fill a
/// word here, so that most searches look at one word only.)
///
/// All of it lies in memory that the allocator was given, so this value is one
/// word, and the links are in the free blocks:
///
///     block ─▶ ┌───────────┬──────┬──────┬─────────────────┬─ ─ ─
///              │ (not its) │ size │ next │ address of the  │
///              └───────────┴──────┴──────┤ word that leads ├─ ─ ─
///                                        │ here            │
struct SizeClasses {
  private static let wordCount: UInt64 = 8
  private static let headsOffset = (1 + wordCount) * 8
  /// One more than the class of the largest block, 2^36 bytes.
  private static let classCount: UInt64 = 28 << 4 + 32
  /// How many bytes are needed for all of it.
  static let tableSize = (headsOffset + classCount * 8).aligned(to: 16)

  /// Where the table lies; 0 until there is memory.
  private var table: UInt64 = 0

  @inline(__always)
  init() {}

  var isPlaced: Bool { table != 0 }

  /// Puts an empty table at `address`.
  mutating func place(at address: UInt64) {
    table = address
    RawMemory.fill(table..<(table + Self.tableSize), with: 0)
  }

  /// How often 16-byte units must be halved until fewer than 32 are left.
  ///
  /// Without the extension Zbb a hart has no instruction that counts leading
  /// zeros, and the usual replacement takes 35.
  @inline(__always)
  private static func halvings(_ units: UInt64) -> UInt64 {
    var rest = units
    var count: UInt64 = 0
    while rest >= 512 {
      rest &>>= 4
      count &+= 4
    }
    while rest >= 32 {
      rest &>>= 1
      count &+= 1
    }
    return count
  }

  /// The class in which a free block of `size` bytes is kept.
  @inline(__always)
  private static func sizeClass(of size: UInt64) -> UInt64 {
    let units = size &>> 4
    let halvings = halvings(units)
    return halvings &<< 4 &+ units &>> halvings
  }

  /// The first class all of whose blocks have `size` bytes or more.
  @inline(__always)
  private static func sizeClass(holding size: UInt64) -> UInt64 {
    let units = size &>> 4
    let halvings = halvings(units)
    let rounded = units &+ 1 &<< halvings &- 1
    return halvings &<< 4 &+ rounded &>> halvings
  }

  /// How many bytes a block must have to be found for a request of `size`.
  static func sizeToBeFound(for size: UInt64) -> UInt64 { size + size / 16 }

  @inline(__always)
  private func wordAddress(_ word: UInt64) -> UInt64 {
    table &+ 8 &+ word &* 8
  }

  @inline(__always)
  private func head(_ sizeClass: UInt64) -> UInt64 {
    table &+ Self.headsOffset &+ sizeClass &* 8
  }

  /// Keeps a free block.
  @inline(__always)
  func insert(_ block: UInt64, size: UInt64) {
    let sizeClass = Self.sizeClass(of: size)
    let head = head(sizeClass)
    let next = RawMemory[head]
    RawMemory[block &+ 16] = next
    RawMemory[block &+ 24] = head
    RawMemory[head] = block
    guard next == 0 else {
      RawMemory[next &+ 24] = block &+ 16
      return
    }
    let word = sizeClass &>> 6
    RawMemory[wordAddress(word)] |= 1 &<< (sizeClass & 63)
    RawMemory[table] |= 1 &<< word
  }

  /// No longer keeps a free block.
  @inline(__always)
  func remove(_ block: UInt64) {
    let next = RawMemory[block &+ 16]
    let leader = RawMemory[block &+ 24]
    RawMemory[leader] = next
    guard next == 0 else {
      RawMemory[next &+ 24] = leader
      return
    }
    // The last of its list: only then is the leader perhaps the head.
    let sizeClass = (leader &- table &- Self.headsOffset) &>> 3
    guard sizeClass < Self.classCount else { return }
    let word = wordAddress(sizeClass &>> 6)
    let bits = RawMemory[word] & ~(1 &<< (sizeClass & 63))
    RawMemory[word] = bits
    if bits == 0 { RawMemory[table] &= ~(1 &<< (sizeClass &>> 6)) }
  }

  /// A block of `size` bytes or more, or nil.
  @inline(__always)
  func block(holding size: UInt64) -> UInt64? {
    let sizeClass = Self.sizeClass(holding: size)
    var word = sizeClass &>> 6
    guard isPlaced, word < Self.wordCount else { return nil }
    var bits = RawMemory[wordAddress(word)] & (~0 &<< (sizeClass & 63))
    if bits == 0 {
      let words = RawMemory[table] & (~0 &<< (word &+ 1))
      guard words != 0 else { return lastResort(size) }
      word = UInt64(truncatingIfNeeded: words.trailingZeroBitCount)
      bits = RawMemory[wordAddress(word)]
    }
    let first = UInt64(truncatingIfNeeded: bits.trailingZeroBitCount)
    return RawMemory[head(word &<< 6 &+ first)]
  }

  /// A block of just the size may be in the class below, among some that are
  /// too small. Only its first is looked at: this must be constant, too.
  private func lastResort(_ size: UInt64) -> UInt64? {
    let block = RawMemory[head(Self.sizeClass(of: size))]
    // A free block's size is negative.
    guard block != 0, 0 &- RawMemory[block &+ 8] >= size else { return nil }
    return block
  }

  /// Calls `visit` with every free block.
  func forEach(_ visit: (_ block: UInt64) -> Void) {
    guard isPlaced else { return }
    for sizeClass in 0..<Self.classCount {
      var block = RawMemory[head(sizeClass)]
      while block != 0 {
        visit(block)
        block = RawMemory[block + 16]
      }
    }
  }
}
