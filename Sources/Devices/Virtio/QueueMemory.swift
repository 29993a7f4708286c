// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// The parts of a queue, where they lie in its memory.
///
///     descriptors, 16 bytes each
///     available ring: flags, index, entries, the used event
///     — the next page —
///     used ring: flags, index, entries, the available event
///     the driver's own notes, 8 bytes for each descriptor
///
/// Version 1 of the transport wants the used ring on a page of its own, and
/// the rest where it is; version 2 does not mind.
///
/// Each access is one load or store. All of them stay inside, whatever number
/// they are given: it is taken modulo the size of the queue.
struct QueueMemory {
  let descriptors: UInt64
  let available: UInt64
  let used: UInt64
  private let notes: UInt64
  private let usedEventPlace: UInt64
  private let availableEventPlace: UInt64
  private let mask: UInt64

  /// The memory at `address`, of ``byteCount(size:)`` bytes, for a queue with
  /// `size` descriptors.
  init(at address: UInt64, size: Int) {
    let count = UInt64(size)
    mask = count - 1
    descriptors = address
    available = descriptors + 16 * count
    usedEventPlace = available + 4 + 2 * count
    used = (usedEventPlace + 2 + 4095) & ~4095
    availableEventPlace = used + 4 + 8 * count
    notes = (availableEventPlace + 2 + 7) & ~7
  }

  /// How much memory a queue with `size` descriptors takes.
  static func byteCount(size: Int) -> Int {
    Int(QueueMemory(at: 0, size: size).notes) + 8 * size
  }

  // MARK: - Descriptors

  @inline(__always)
  func setDescriptor(_ number: UInt16, _ address: UInt64, _ rest: UInt64) {
    let place = descriptors &+ 16 &* (UInt64(number) & mask)
    unsafe hart_store64(place, address)
    unsafe hart_store64(place &+ 8, rest)
  }

  // MARK: - The available ring, which the driver writes

  var availableFlags: UInt16 {
    get { unsafe hart_load16(available) }
    nonmutating set { unsafe hart_store16(available, newValue) }
  }

  var availableIndex: UInt16 {
    get { unsafe hart_load16(available &+ 2) }
    nonmutating set { unsafe hart_store16(available &+ 2, newValue) }
  }

  /// The place for the chain with this number since the start.
  @inline(__always)
  func setAvailable(number: UInt16, _ head: UInt16) {
    unsafe hart_store16(available &+ 4 &+ 2 &* (UInt64(number) & mask), head)
  }

  var usedEvent: UInt16 {
    get { unsafe hart_load16(usedEventPlace) }
    nonmutating set { unsafe hart_store16(usedEventPlace, newValue) }
  }

  // MARK: - The used ring, which the device writes

  var usedFlags: UInt16 { unsafe hart_load16(used) }
  var usedIndex: UInt16 { unsafe hart_load16(used &+ 2) }
  var availableEvent: UInt16 { unsafe hart_load16(availableEventPlace) }

  /// The chain that was used as this number since the start, and how much was
  /// written.
  @inline(__always)
  func used(number: UInt16) -> (head: UInt32, length: UInt32) {
    let place = used &+ 4 &+ 8 &* (UInt64(number) & mask)
    return unsafe (hart_load32(place), hart_load32(place &+ 4))
  }

  // MARK: - The driver's notes, of which no device is told
  //
  // Bits 0 to 15: the next descriptor, of the chain or of those that are free.
  // If a chain begins there that the device has, bits 16 to 31: how many
  // descriptors it takes; bits 32 to 63: how many bytes the device may write.

  @inline(__always)
  private func note(_ number: UInt16) -> UInt64 {
    notes &+ 8 &* (UInt64(number) & mask)
  }

  @inline(__always)
  func next(of number: UInt16) -> UInt16 { unsafe hart_load16(note(number)) }

  /// Sets what follows a descriptor, which then begins no chain.
  @inline(__always)
  func setNext(_ next: UInt16, of number: UInt16) {
    unsafe hart_store64(note(number), UInt64(next))
  }

  @inline(__always)
  func setChain(_ head: UInt16, length: UInt16, writable: UInt32) {
    unsafe hart_store16(note(head) &+ 2, length)
    unsafe hart_store32(note(head) &+ 4, writable)
  }

  @inline(__always)
  func chain(_ head: UInt16) -> (length: UInt16, writable: UInt32) {
    unsafe (hart_load16(note(head) &+ 2), hart_load32(note(head) &+ 4))
  }
}

/// One entry of the table of descriptors: an address, then a length of 32
/// bits, flags of 16 bits and the next one's number of 16 bits.
enum Descriptor {
  static let size = 16
  // Where the flags stand in the second word.
  static let hasNext: UInt64 = 1 << 32
  static let isWritable: UInt64 = 2 << 32
  static let isTable: UInt64 = 4 << 32
}
