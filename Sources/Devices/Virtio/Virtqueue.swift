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
/// knows from memory of its own, which the device is never told of. The
/// driver keeps interrupts off around each call.
public struct Virtqueue: ~Copyable {
  /// The queue's number at its device.
  public let index: UInt32
  /// How many descriptors it has: a power of two.
  public let size: Int
  /// How many of them are free.
  public private(set) var freeCount: Int
  /// How many chains the device has.
  public private(set) var chainsInFlight = 0

  private let memory: DMABuffer
  private let rings: QueueMemory
  private let hasEventIndex: Bool

  private var firstFree: UInt16 = 0
  /// The number of the chain that is made available next, since the start.
  private var available: UInt16 = 0
  /// The same when the device was notified last.
  private var notified: UInt16 = 0
  /// The number of the chain that the device uses next: how many it has used
  /// since it was set up, modulo 65,536.
  public private(set) var seen: UInt16 = 0

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
    memory = try DMABuffer(count: QueueMemory.byteCount(size: self.size))
    rings = QueueMemory(at: memory.address, size: self.size)
    hasEventIndex = features.contains(.eventIndex)
    freeCount = self.size
    forget()
  }

  /// Forgets all chains: the device has been reset.
  public mutating func forget() {
    memory.clear()
    for number in 0..<UInt16(size) { rings.setNext(number &+ 1, of: number) }
    (firstFree, freeCount, chainsInFlight) = (0, size, 0)
    (available, notified, seen) = (0, 0, 0)
  }

  /// Never gives the memory back: the device cannot be stopped.
  public func leak() { memory.leak() }

  var descriptorsAddress: UInt64 { rings.descriptors }
  var availableAddress: UInt64 { rings.available }
  var usedAddress: UInt64 { rings.used }

  // MARK: - Giving chains to the device

  /// Begins a chain of `count` descriptors, to be filled and given to
  /// ``add(_:)``.
  ///
  /// - Parameter count: At least 1.
  /// - Returns: Nil if fewer descriptors are free.
  @inline(__always)
  public mutating func beginChain(_ count: Int) -> DescriptorChain? {
    guard count >= 1, count <= freeCount else { return nil }
    freeCount &-= count
    return DescriptorChain(rings, firstFree, UInt16(truncatingIfNeeded: count))
  }

  /// Gives a chain that is complete to the device, which gets it with the next
  /// ``publish()``.
  @inline(__always)
  public mutating func add(_ chain: consuming DescriptorChain) {
    precondition(chain.missing == 0)
    firstFree = chain.next
    rings.setChain(
      chain.head, length: chain.length, writable: chain.writable)
    rings.setAvailable(number: available, chain.head)
    available &+= 1
    chainsInFlight &+= 1
  }

  /// Whether there are chains which the device does not see yet.
  @inline(__always)
  public var hasUnpublished: Bool { available != notified }

  /// Shows the device all chains that are complete.
  ///
  /// - Returns: Whether it must be notified; it may be busy and look anyway.
  @inline(__always)
  public mutating func publish() -> Bool {
    // The device must not see the index before what it counts ...
    Hart.fence()
    rings.availableIndex = available
    // ... nor may its wish be read before the index is there to be seen.
    Hart.fence()
    let before = notified
    notified = available
    guard hasEventIndex else {
      return rings.usedFlags & 1 == 0
    }
    let wish = rings.availableEvent
    return available &- wish &- 1 < available &- before
  }

  // MARK: - Getting them back

  /// A chain that the device has used.
  public struct UsedChain: Sendable {
    /// The number that ``Virtqueue/beginChain(_:)`` has given.
    public let head: UInt16
    /// How many bytes the device says that it has written, from the first
    /// writable one on; never more than the chain has.
    ///
    /// Devices are known to count wrong, those of version 1 above all, some by
    /// the header that they only read, some not at all. So it is no more than a
    /// hint where an answer ends, for devices whose answer does not tell.
    public let length: UInt32
  }

  /// Takes the next chain that the device has used, or nil if there is none.
  ///
  /// - Throws: `usedIndexOutOfRange`, `noSuchDescriptor` or `notInFlight`. The
  ///   device must be reset then.
  @_optimize(speed)
  public mutating func takeUsed() throws(VirtioError) -> UsedChain? {
    let count = rings.usedIndex &- seen
    guard count != 0 else { return nil }
    guard count <= chainsInFlight else { throw .usedIndexOutOfRange }
    // The entry must not be read before the index that counts it.
    Hart.fence()
    let (number, length) = rings.used(number: seen)
    guard number < size else { throw .noSuchDescriptor(number) }
    let head = UInt16(truncatingIfNeeded: number)
    let chain = rings.chain(head)
    guard chain.length > 0 else { throw .notInFlight(number) }
    seen &+= 1
    release(head, chain.length)
    return UsedChain(head: head, length: min(length, chain.writable))
  }

  @inline(__always)
  private mutating func release(_ head: UInt16, _ count: UInt16) {
    // From the first on, which then begins no chain any more.
    let second = rings.next(of: head)
    rings.setNext(second, of: head)
    var (last, left) = (head, count)
    while left > 1 {
      last = rings.next(of: last)
      left &-= 1
    }
    rings.setNext(firstFree, of: last)
    firstFree = head
    freeCount &+= Int(count)
    chainsInFlight &-= 1
  }

  // MARK: - When the device interrupts

  /// Asks the device not to interrupt for used chains. It may all the same.
  public mutating func suppressInterrupts() {
    guard hasEventIndex else { return rings.availableFlags = 1 }
    rings.usedEvent = seen &- 1
  }

  /// Asks the device to interrupt when it has used `count` more chains, or
  /// fewer if the two have not agreed on the event index.
  ///
  /// - Parameter count: At least 1, and at most as many as it has.
  /// - Returns: Whether it has used so many in the meantime, for which it may
  ///   not interrupt.
  @_optimize(speed)
  public mutating func requestInterrupt(after count: UInt16 = 1) -> Bool {
    if hasEventIndex {
      rings.usedEvent = seen &+ count &- 1
    } else {
      rings.availableFlags = 0
    }
    // The wish must be there to be seen before the last look.
    Hart.fence()
    let used = rings.usedIndex &- seen
    return used >= (hasEventIndex ? count : 1)
  }
}
