// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// A split virtqueue as the device sees it.
public struct SimulatedQueue: Sendable {
  let most: Int
  public internal(set) var size = 0
  public internal(set) var isReady = false
  var alignment: UInt64 = 0
  var page: UInt32 = 0
  var descriptors: UInt64 = 0
  var available: UInt64 = 0
  var used: UInt64 = 0
  /// How many chains it has taken, and given back.
  public internal(set) var taken: UInt16 = 0
  public internal(set) var usedIndex: UInt16 = 0

  init(most: Int) { self.most = most }

  mutating func placeLegacy(_ start: UInt64, _ page: UInt32) {
    self.page = page
    descriptors = start
    available = start + UInt64(16 * size)
    let end = available + UInt64(6 + 2 * size)
    let step = max(alignment, 4)
    used = (end + step - 1) / step * step
    isReady = true
  }
}

/// A stretch of memory that a device was told of.
public struct Stretch: Equatable, Sendable {
  public var address: UInt64
  public var count: Int
}

/// A chain that a device has taken.
public struct SimulatedChain: Sendable {
  public let queue: Int
  public let head: UInt16
  /// The numbers of its descriptors in the queue.
  public var descriptors: [UInt16] = []
  public var isIndirect = false
  public var readable: [Stretch] = []
  public var writable: [Stretch] = []

  public var writableCount: Int { writable.reduce(0) { $0 + $1.count } }

  init(queue: Int, head: UInt16) { (self.queue, self.head) = (queue, head) }
}

extension SimulatedVirtioDevice {
  /// The number of chains that the driver has made available.
  private func availableIndex(_ queue: SimulatedQueue) -> UInt16 {
    memory.load16(queue.available + 2)
  }

  /// Takes the next chain, or nil if there is none.
  public func takeChain(_ index: Int = 0) -> SimulatedChain? {
    let queue = queues[index]
    guard queue.isReady, isReady else { return nil }
    let waiting = availableIndex(queue) &- queue.taken
    guard waiting != 0 else { return nil }
    guard Int(waiting) <= queue.size else {
      memory.report("\(waiting) chains in a ring of \(queue.size)")
      return nil
    }
    let place = Int(queue.taken) & (queue.size - 1)
    let head = memory.load16(queue.available + 4 + UInt64(2 * place))
    queues[index].taken &+= 1
    return read(head, index)
  }

  private func read(_ head: UInt16, _ index: Int) -> SimulatedChain {
    var chain = SimulatedChain(queue: index, head: head)
    let queue = queues[index]
    var next: UInt16? = head
    while let number = next {
      guard Int(number) < queue.size, chain.descriptors.count < queue.size
      else {
        memory.report("a chain that leads to \(number)")
        break
      }
      chain.descriptors.append(number)
      next = add(queue.descriptors + UInt64(16 * Int(number)), to: &chain)
    }
    let count = chain.readable.count + chain.writable.count
    expect(
      count <= queue.size, "a chain of \(count) in a queue of \(queue.size)")
    return chain
  }

  /// - Returns: The next one's number.
  private func add(
    _ address: UInt64, to chain: inout SimulatedChain, inTable: Bool = false
  ) -> UInt16? {
    let start = memory.load64(address)
    let word = memory.load64(address + 8)
    let (size, flags) = (Int(word & 0xFFFF_FFFF), word >> 32 & 0xFFFF)
    expect(flags & ~7 == 0, "unknown flags of a descriptor")
    expect(size > 0, "a descriptor without bytes")
    let next = flags & 1 == 0 ? nil : UInt16(truncatingIfNeeded: word >> 48)
    if flags & 4 != 0 {
      expect(!inTable, "a table in a table")
      expect(has(.indirect), "a table that was not agreed on")
      expect(next == nil && flags & 2 == 0, "a table with wrong flags")
      if !inTable { readTable(start, size, &chain) }
      return nil
    }
    _ = memory.owns(start, size)
    let stretch = Stretch(address: start, count: size)
    if flags & 2 != 0 {
      chain.writable.append(stretch)
    } else {
      expect(chain.writable.isEmpty, "readable after writable")
      chain.readable.append(stretch)
    }
    return next
  }

  private func readTable(
    _ start: UInt64, _ size: Int, _ chain: inout SimulatedChain
  ) {
    chain.isIndirect = true
    expect(size % 16 == 0, "a table of \(size) bytes")
    var (next, count): (UInt16?, Int) = (0, 0)
    while let number = next {
      guard Int(number) < size / 16, count < size / 16 else {
        return memory.report("a table that leads to \(number)")
      }
      next = add(start + UInt64(16 * Int(number)), to: &chain, inTable: true)
      count += 1
    }
  }

  // MARK: - Back to the driver

  /// Says that a chain is done.
  public func use(_ chain: SimulatedChain, length: Int) {
    use(
      UsedEntry(head: UInt32(chain.head), length: UInt32(length)), chain.queue)
  }

  /// Puts an entry into the used ring, whatever it says.
  public func use(_ entry: UsedEntry, _ index: Int = 0) {
    let before = queues[index].usedIndex
    for entry in onUse?(entry) ?? [entry] {
      let queue = queues[index]
      guard queue.isReady else { return }
      let place = Int(queue.usedIndex) & (queue.size - 1)
      let address = queue.used + 4 + UInt64(8 * place)
      memory.store32(entry.head, address)
      memory.store32(entry.length, address + 4)
      queues[index].usedIndex &+= 1
    }
    showUsed(index, before)
  }

  private func showUsed(_ index: Int, _ before: UInt16) {
    let queue = queues[index]
    let shown = onUsedIndex?(queue.usedIndex) ?? queue.usedIndex
    guard queue.isReady, shown != before else { return }
    queues[index].usedIndex = shown
    memory.store16(shown, queue.used + 2)
    if wantsInterrupt(queue, shown, before) { interrupt(1) }
  }

  private func wantsInterrupt(
    _ queue: SimulatedQueue, _ new: UInt16, _ old: UInt16
  ) -> Bool {
    guard has(.eventIndex) else {
      return memory.load16(queue.available) & 1 == 0
    }
    let event = memory.load16(queue.available + UInt64(4 + 2 * queue.size))
    return new &- event &- 1 < new &- old
  }

  // MARK: - Whether to be notified

  /// Asks to be notified of the next chain, or not to be notified at all.
  public func wantNotifications(_ isWanted: Bool, _ index: Int = 0) {
    let queue = queues[index]
    guard queue.isReady else { return }
    guard has(.eventIndex) else {
      return memory.store16(isWanted ? 0 : 1, queue.used)
    }
    // The chain before the last was long ago.
    let event = isWanted ? queue.taken : queue.taken &- 1
    memory.store16(event, queue.used + UInt64(4 + 8 * queue.size))
  }
}
