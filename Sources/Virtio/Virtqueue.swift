// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A queue of buffers between a driver and a device: the split virtqueue
/// (virtio 1.2, section "Split Virtqueues").
///
///      descriptors            available ring          used ring
///     ┌──────────────┐        ┌───┬───┬───┐           ┌──────┬──────┐
///     │0 header  ─┐  │◀───────│ 0 │ 3 │   │  ───▶     │3, 512│      │
///     │1 data   ◀┘─┐ │        └───┴───┴───┘  device   └──────┴──────┘
///     │2 status   ◀┘ │◀── chain 0      driver writes    device writes
///     │3 header  ─┐  │
///
/// A *descriptor* tells the device of one stretch of memory. Descriptors in a
/// *chain* belong together: one request. The driver puts the number of a
/// chain's first descriptor into the available ring; the device puts it into
/// the used ring when it is done, with how many bytes it has written.
///
/// The device is not trusted: what it says is compared with what the driver
/// knows from memory of its own, which the device is never told of. Whoever
/// uses a queue keeps interrupts off.
public struct Virtqueue: ~Copyable {
  /// The queue's number at its device.
  public let index: UInt32
  /// How many descriptors it has: a power of two.
  public let size: Int
  /// How many of them are free.
  public private(set) var freeCount: Int
  /// How many chains the device has.
  public private(set) var chainsInFlight = 0

  private let layout: QueueLayout
  private let memory: DMABuffer
  private let hasEventIndex: Bool

  private var firstFree: UInt16 = 0
  /// The number of the chain that is made available next, since the start.
  private var available: UInt16 = 0
  /// The same when the device was notified last.
  private var notified: UInt16 = 0
  /// The number of the chain that the device uses next.
  private var seen: UInt16 = 0

  // The chain that is being made.
  private var head: UInt16 = 0
  private var length: UInt16 = 0
  private var missing: UInt16 = 0
  private var writable: UInt32 = 0

  /// A queue whose memory is set up, and which no device knows yet.
  ///
  /// - Parameters:
  ///   - index: Its number at the device.
  ///   - size: How many descriptors it shall have; at most 1024, rounded down
  ///     to a power of two.
  ///   - limit: How many the device can take.
  ///   - features: What was agreed on with the device.
  /// - Throws: `outOfMemory`.
  public init(
    index: UInt32, size: Int, limit: Int, features: VirtioFeatures
  ) throws(VirtioError) {
    let most = max(1, min(size, limit, 1024))
    self.index = index
    self.size = 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
    layout = QueueLayout(size: self.size)
    memory = try DMABuffer(count: layout.end)
    hasEventIndex = features.contains(.eventIndex)
    freeCount = self.size
    forget()
  }

  /// Forgets all chains: the device has been reset.
  public mutating func forget() {
    memory.clear()
    for number in 0..<size { setNext(UInt16(number + 1), of: UInt16(number)) }
    (firstFree, freeCount, chainsInFlight) = (0, size, 0)
    (available, notified, seen) = (0, 0, 0)
  }

  var descriptorsAddress: UInt64 { memory.address }
  var availableAddress: UInt64 { memory.address + UInt64(layout.available) }
  var usedAddress: UInt64 { memory.address + UInt64(layout.used) }

  /// The number that the next chain will have, or nil if no descriptor is
  /// free.
  public var nextHead: UInt16? { freeCount > 0 ? firstFree : nil }

  // MARK: - Giving chains to the device

  /// Begins a chain of `count` descriptors, which `append` then fills.
  ///
  /// - Parameter count: At least 1.
  /// - Returns: Its number until the device has used it, or nil if fewer
  ///   descriptors are free.
  public mutating func beginChain(_ count: Int) -> UInt16? {
    guard count >= 1, count <= freeCount else { return nil }
    head = firstFree
    (length, missing) = (UInt16(count), UInt16(count))
    writable = 0
    freeCount &-= count
    return head
  }

  /// Adds a stretch of memory to the chain; those that the device may write
  /// come last.
  ///
  /// - Parameters:
  ///   - address: The stretch's first byte.
  ///   - count: How many bytes, at least 1.
  ///   - isWritable: Whether the device writes it; it reads it otherwise.
  ///   - isTable: Whether it holds descriptors itself; the chain has no other
  ///     then, and `writableCount` tells of what they can be written.
  ///   - writableCount: How many bytes the device may write.
  @inline(__always)
  public mutating func append(
    _ address: UInt64, count: UInt32, isWritable: Bool, isTable: Bool = false,
    writableCount: UInt32? = nil
  ) {
    precondition(missing > 0)
    missing &-= 1
    let place = firstFree
    let next = next(of: place)
    var flags: UInt64 = missing > 0 ? Descriptor.hasNext : 0
    if isWritable {
      flags |= Descriptor.isWritable
      writable &+= count
    }
    if isTable {
      flags |= Descriptor.isTable
      writable = writableCount ?? 0
    }
    let offset = Descriptor.size &* Int(place)
    memory.store64(address, at: offset)
    memory.store64(
      UInt64(count) | flags | UInt64(next) << 48, at: offset &+ 8)
    firstFree = next
  }

  /// The chain is complete: the device gets it with the next ``publish()``.
  public mutating func endChain() {
    precondition(missing == 0)
    let slot = layout.slot(head)
    let next = memory.load64(at: slot) & 0xFFFF
    memory.store64(
      next | UInt64(length) << 16 | UInt64(writable) << 32, at: slot)
    memory.store16(head, at: layout.availableEntry(available))
    available &+= 1
    chainsInFlight &+= 1
  }

  /// Shows the device all chains that are complete.
  ///
  /// - Returns: Whether it must be notified; it may be busy and look anyway.
  public mutating func publish() -> Bool {
    // The device must not see the index before what it counts ...
    Hart.fence()
    memory.store16(available, at: layout.available &+ 2)
    // ... nor may its wish be read before the index is there to be seen.
    Hart.fence()
    let before = notified
    notified = available
    guard hasEventIndex else {
      return memory.load16(at: layout.used) & 1 == 0
    }
    let wish = memory.load16(at: layout.availableEvent)
    return available &- wish &- 1 < available &- before
  }

  // MARK: - Getting them back

  /// A chain that the device has used.
  public struct UsedChain: Sendable {
    /// The number that ``Virtqueue/beginChain(_:)`` has given.
    public let head: UInt16
    /// How many bytes the device says that it has written, from the first
    /// writable one on: at most as many as there are.
    public let length: UInt32
  }

  /// Takes the next chain that the device has used, or nil if there is none.
  ///
  /// - Throws: `usedIndexOutOfRange`, `noSuchDescriptor`, `notInFlight` or
  ///   `lengthTooLong`. The device must be reset then.
  public mutating func takeUsed() throws(VirtioError) -> UsedChain? {
    let count = memory.load16(at: layout.used &+ 2) &- seen
    guard count != 0 else { return nil }
    guard count <= chainsInFlight else { throw .usedIndexOutOfRange }
    // The entry must not be read before the index that counts it.
    Hart.fence()
    let entry = layout.usedEntry(seen)
    let number = memory.load32(at: entry)
    let length = memory.load32(at: entry &+ 4)
    guard number < size else { throw .noSuchDescriptor(number) }
    let head = UInt16(truncatingIfNeeded: number)
    let slot = memory.load64(at: layout.slot(head))
    let descriptors = Int(slot >> 16 & 0xFFFF)
    guard descriptors > 0 else { throw .notInFlight(number) }
    guard length <= slot >> 32 else { throw .lengthTooLong(length) }
    seen &+= 1
    release(head, descriptors)
    return UsedChain(head: head, length: length)
  }

  private mutating func release(_ head: UInt16, _ count: Int) {
    var last = head
    for _ in 1..<count { last = next(of: last) }
    let afterHead = next(of: head)
    // No chain begins here any more.
    setNext(count == 1 ? firstFree : afterHead, of: head)
    if count > 1 { setNext(firstFree, of: last) }
    firstFree = head
    freeCount &+= count
    chainsInFlight &-= 1
  }

  // MARK: - When the device interrupts

  /// Asks the device not to interrupt for used chains. It may all the same.
  public mutating func suppressInterrupts() {
    guard hasEventIndex else {
      return memory.store16(1, at: layout.available)
    }
    memory.store16(seen &- 1, at: layout.usedEvent)
  }

  /// Asks the device to interrupt when it uses the next chain.
  ///
  /// - Returns: Whether it has used one in the meantime, for which it may not
  ///   interrupt.
  public mutating func requestInterrupt() -> Bool {
    if hasEventIndex {
      memory.store16(seen, at: layout.usedEvent)
    } else {
      memory.store16(0, at: layout.available)
    }
    // The wish must be there to be seen before the last look.
    Hart.fence()
    return memory.load16(at: layout.used &+ 2) != seen
  }

  // MARK: - The driver's own notes

  @inline(__always)
  private func next(of number: UInt16) -> UInt16 {
    UInt16(truncatingIfNeeded: memory.load64(at: layout.slot(number)))
  }

  @inline(__always)
  private func setNext(_ next: UInt16, of number: UInt16) {
    memory.store64(UInt64(next), at: layout.slot(number))
  }
}
