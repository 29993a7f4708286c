// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Hands out frames, single ones and aligned runs, and takes them back.
///
/// Memory is opened megapage by megapage, when the megapages that are open do
/// not do:
///
///     closed: nothing is known of it, nothing in it or about it is touched
///        │ open
///        ▼
///     open: each frame has a bit in the megapage's record, free or not
///
/// So the cost of a start does not depend on how much memory there is. The
/// owner opens megapages, because it may have to map them first; see
/// ``nextClosed()``.
///
/// A single frame or a run of up to 512 costs some hundred instructions,
/// however many megapages there are. Longer runs are looked for megapage by
/// megapage. Nothing here may be called from an interrupt that may interrupt
/// another call of the same allocator.
public struct FrameAllocator<Memory: WordMemory>: ~Copyable {
  /// All memory that this allocator was given, the records included.
  public let owned: AddressRanges<Memory>

  /// The addresses at which records of megapages are kept.
  public let records: Range<UInt64>

  /// How many frames are free in megapages that are open.
  public private(set) var openFrames: UInt64 = 0

  /// How many frames there are in closed megapages.
  public private(set) var closedFrames: UInt64

  private let megapageCount: Int
  var freeLists: MegapageFreeLists<Memory>

  /// Whole megapages are opened first, then the others; all below the cursor
  /// that belong to this pass are open.
  private var opensWhole = true
  private var cursor: MegapageIndex = 0

  /// An allocator of all frames in `owned`, less those that its records need:
  /// one in 25,000.
  ///
  /// Touches none of them. Costs some hundred instructions.
  ///
  /// - Parameters:
  ///   - owned: Free memory, in whole frames.
  ///   - memory: The way to it.
  /// - Throws: `outOfFrames` if there is not even room for the records.
  public init(
    of owned: consuming AddressRanges<Memory>, in memory: Memory
  ) throws(FrameError) {
    let megapageCount = owned.megapageCount
    let bytes =
      MegapageFreeLists<Memory>.headsSize
      + UInt64(megapageCount) * MegapageRecords<Memory>.recordSize
    guard megapageCount > 0, let size = bytes.roundedUp(to: Frame.size),
      let start = owned.home(ofBytes: size)
    else { throw .outOfFrames }
    records = start..<start + size
    self.megapageCount = megapageCount
    freeLists = MegapageFreeLists(in: memory, at: start)
    // The records lie in the first megapage that is owned from end to end, or
    // there is none.
    cursor =
      start % Megapage.size == 0 ? owned.megapage(holding: start) ?? 0 : 0
    closedFrames = (owned.total - size) / Frame.size
    self.owned = owned
  }

  /// How many frames are free, in open and in closed megapages.
  public var freeFrames: UInt64 { openFrames + closedFrames }

  // MARK: - Opening

  /// The addresses of the megapage to be opened next, or nil once all are open.
  ///
  /// What lies in it of ``owned`` must be readable and writable before
  /// ``open(_:)`` is called. Megapages that are owned from end to end come
  /// first: one large page maps them.
  public mutating func nextClosed() -> Range<UInt64>? {
    while true {
      while cursor < megapageCount {
        let addresses = owned.addresses(of: cursor)
        let isWhole = owned.contains(addresses)
        if isWhole == opensWhole, isWhole || owned.meets(addresses) {
          return addresses
        }
        cursor += 1
      }
      guard opensWhole else { return nil }
      opensWhole = false
      cursor = 0
    }
  }

  /// The addresses in the range at `index` of ``owned`` that lie in a megapage,
  /// possibly none; nil after the last range.
  func ownedPart(
    _ index: Int, of megapage: Range<UInt64>
  ) -> Range<UInt64>? {
    index < owned.count ? owned[index].clamped(to: megapage) : nil
  }

  /// From now on, hands out the frames of the megapage that ``nextClosed()``
  /// has named.
  public mutating func open(_ addresses: Range<UInt64>) {
    precondition(owned.megapage(holding: addresses.lowerBound) == cursor)
    let (bits, count) = usableBits(of: addresses)
    freeLists.records.setBits(of: cursor, bits)
    if let order = bits.largestOrder { freeLists.insert(cursor, order: order) }
    openFrames += count
    closedFrames -= count
    cursor += 1
  }

  /// Which frames of a megapage may be handed out at all, and how many they
  /// are.
  private func usableBits(
    of addresses: Range<UInt64>
  ) -> (FrameBits, count: UInt64) {
    var bits = FrameBits()
    var size: UInt64 = 0
    for index in 0..<owned.count {
      size += bits.set(owned[index], in: addresses, free: true)
    }
    size -= bits.set(records, in: addresses, free: false)
    return (bits, size / Frame.size)
  }

  @inline(never)
  private func isOpen(_ megapage: MegapageIndex) -> Bool {
    let isWhole = owned.contains(owned.addresses(of: megapage))
    if isWhole { return !opensWhole || megapage < cursor }
    return !opensWhole && megapage < cursor
  }

  // MARK: - Frames

  /// Hands out `count` free frames side by side, the first at a multiple of
  /// `alignment` frames.
  ///
  /// What they hold is whatever was there before.
  ///
  /// - Parameters:
  ///   - count: How many frames, at least one.
  ///   - alignment: A power of two. Up to 512 frames are aligned to the next
  ///     power of two that is not below their number in any case.
  /// - Returns: The frames, to be given back with ``release(_:)``.
  /// - Throws: `outOfFrames` if no such run is free in an open megapage,
  ///   `badRequest`.
  public mutating func allocate(
    count: UInt64 = 1, alignment: UInt64 = 1
  ) throws(FrameError) -> FrameRun {
    guard count > 0, count <= 1 << 40, alignment <= 1 << 40,
      alignment.nonzeroBitCount == 1
    else { throw .badRequest }
    let size = max(count, alignment)
    let order = 64 - (size - 1).leadingZeroBitCount
    guard order <= 9 else {
      return try allocateMegapages(count: count, alignment: alignment)
    }
    guard let (megapage, from) = freeLists.megapage(ofAtLeast: order) else {
      throw .outOfFrames
    }
    var bits = freeLists.records.bits(of: megapage)
    guard let start = bits.firstRun(order: order) else { throw .outOfFrames }
    bits.set(start..<start + Int(count), free: false)
    update(megapage, bits, from: from)
    openFrames -= count
    let base = Frame(holding: owned.addresses(of: megapage).lowerBound)
    return FrameRun(base + UInt64(start), count: count)
  }

  /// Takes frames back. A part of a run may come back before the rest.
  ///
  /// - Throws: `foreign` or `alreadyFree`. Nothing has changed then.
  public mutating func release(_ run: FrameRun) throws(FrameError) {
    let addresses = run.addresses
    guard owned.contains(addresses), !records.overlaps(addresses) else {
      throw .foreign
    }
    var pieces = MegapagePieces(of: addresses)
    while let piece = pieces.next() {
      guard let megapage = owned.megapage(holding: piece.start),
        isOpen(megapage)
      else {
        throw .foreign
      }
      guard !freeLists.records.bits(of: megapage).isAnyFree(piece.frames) else {
        throw .alreadyFree
      }
    }
    pieces = MegapagePieces(of: addresses)
    while let piece = pieces.next() {
      guard let megapage = owned.megapage(holding: piece.start) else {
        continue
      }
      set(piece.frames, of: megapage, free: true)
    }
    openFrames += run.count
  }

  @inline(never)
  private mutating func set(
    _ frames: Range<Int>, of megapage: MegapageIndex, free: Bool
  ) {
    var bits = freeLists.records.bits(of: megapage)
    let from = bits.largestOrder
    bits.set(frames, free: free)
    update(megapage, bits, from: from)
  }

  /// Writes a megapage's bits, and moves it to the chain where it belongs now.
  @inline(never)
  private mutating func update(
    _ megapage: MegapageIndex, _ bits: FrameBits, from: Int?
  ) {
    freeLists.records.setBits(of: megapage, bits)
    let order = bits.largestOrder
    guard order != from else { return }
    if let from { freeLists.remove(megapage, order: from) }
    if let order { freeLists.insert(megapage, order: order) }
  }

  // MARK: - Runs of megapages

  /// Finds free megapages side by side; linear in the number of megapages.
  private mutating func allocateMegapages(
    count: UInt64, alignment: UInt64
  ) throws(FrameError) -> FrameRun {
    let step = max(alignment * Frame.size, Megapage.size)
    var run: Range<UInt64>?
    for megapage in 0..<megapageCount {
      let addresses = owned.addresses(of: megapage)
      let isFree =
        isOpen(megapage)
        && freeLists.records.bits(of: megapage).areFree(0..<FrameBits.count)
      if let before = run, isFree, before.upperBound == addresses.lowerBound {
        run = before.lowerBound..<addresses.upperBound
      } else {
        run = isFree && addresses.lowerBound % step == 0 ? addresses : nil
      }
      guard let run, UInt64(run.count) >= count * Frame.size else { continue }
      let found = FrameRun(Frame(holding: run.lowerBound), count: count)
      var pieces = MegapagePieces(of: found.addresses)
      while let piece = pieces.next() {
        guard let megapage = owned.megapage(holding: piece.start) else {
          continue
        }
        set(piece.frames, of: megapage, free: false)
      }
      openFrames -= count
      return found
    }
    throw .outOfFrames
  }
}

/// A range of addresses, megapage by megapage.
private struct MegapagePieces {
  private var rest: Range<UInt64>

  init(of addresses: Range<UInt64>) { rest = addresses }

  /// The next piece: where it starts, and which frames of its megapage it is.
  @inline(never)
  mutating func next() -> (start: UInt64, frames: Range<Int>)? {
    guard !rest.isEmpty else { return nil }
    let start = rest.lowerBound
    let base = start.roundedDown(to: Megapage.size)
    let end = min(base + Megapage.size, rest.upperBound)
    rest = end..<rest.upperBound
    return (start, (start..<end).frames(from: base))
  }
}

extension Range<UInt64> {
  /// Which frames these addresses are, counted from `base` on.
  @inline(never)
  fileprivate func frames(from base: UInt64) -> Range<Int> {
    guard !isEmpty else { return 0..<0 }
    let low = Int((lowerBound - base) / Frame.size)
    return low..<Int((upperBound - base) / Frame.size)
  }
}

extension FrameBits {
  /// Sets the frames of a megapage that lie in `range` to free or not.
  ///
  /// - Returns: How many bytes they have.
  @inline(never)
  fileprivate mutating func set(
    _ range: Range<UInt64>, in megapage: Range<UInt64>, free: Bool
  ) -> UInt64 {
    let part = range.clamped(to: megapage)
    guard !part.isEmpty else { return 0 }
    set(part.frames(from: megapage.lowerBound), free: free)
    return part.size
  }
}

extension AddressRanges {
  /// Where so many bytes fit: at the start of a whole megapage, if there is
  /// one.
  fileprivate func home(ofBytes size: UInt64) -> UInt64? {
    for index in 0..<count {
      let range = self[index]
      guard let start = range.lowerBound.roundedUp(to: Megapage.size),
        start < range.upperBound,
        range.upperBound - start >= max(size, Megapage.size)
      else { continue }
      return start
    }
    for index in 0..<count
    where self[index].size >= size {
      return self[index].lowerBound
    }
    return nil
  }
}
