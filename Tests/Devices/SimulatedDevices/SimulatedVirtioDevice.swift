// SPDX-License-Identifier: BSD-3-Clause

import CHart
import Hart
import Virtio

/// A virtio device behind registers, for tests: version 2 of the transport, or
/// version 1, "legacy" (virtio 1.2, section "Virtio Over MMIO").
///
///     driver ──registers──▶ this ──chains──▶ `onNotify`, which calls `use`
///
/// Addresses are the host's. It looks at what the driver does, and notes each
/// time that the specification is not followed in ``violations``; hooks let it
/// lie in every way that a device can.
public final class SimulatedVirtioDevice: RegisterBus {
  /// What it is made as.
  public struct Options: Sendable {
    public var isLegacy = false
    public var deviceID: UInt32 = 2
    /// What it offers, beside version 1.
    public var features = VirtioFeatures.none
    /// How many descriptors each of its queues may have.
    public var queueSizes = [256]
    public var configuration: [UInt8] = []
    public init() {}
  }

  public let options: Options
  public var configuration: [UInt8]
  public private(set) var configurationGeneration: UInt32 = 0
  public internal(set) var status: UInt32 = 0
  public internal(set) var interruptStatus: UInt32 = 0
  public internal(set) var queues: [SimulatedQueue]
  /// What was agreed on.
  public private(set) var features = VirtioFeatures.none
  public private(set) var resets = 0
  public private(set) var notifications = 0

  var memory = DeviceMemory()
  private var deviceFeaturesSelect: UInt32 = 0
  private var driverFeaturesSelect: UInt32 = 0
  private var queueSelect = 0
  private var pageSize: UInt64 = 0

  /// Called when there are new chains in a queue.
  public var onNotify: (Int) -> Void = { _ in }
  /// Called at each reset.
  public var onReset: () -> Void = {}

  // MARK: How it lies

  /// Changes what a register reads.
  public var onLoad: ((_ offset: Int, _ value: UInt32) -> UInt32)?
  /// Whether a store is swallowed.
  public var onStore: ((_ offset: Int, _ value: UInt32) -> Bool)?
  /// Changes what is put into the used ring for a chain.
  public var onUse: ((_ entry: UsedEntry) -> [UsedEntry])?
  /// Changes the used ring's index before it is shown.
  public var onUsedIndex: ((UInt16) -> UInt16)?
  /// Whether its interrupts get lost.
  public var losesInterrupts = false

  public struct UsedEntry: Equatable, Sendable {
    public var head: UInt32
    public var length: UInt32
    public init(head: UInt32, length: UInt32) {
      (self.head, self.length) = (head, length)
    }
  }

  public init(_ options: Options) {
    self.options = options
    configuration = options.configuration
    queues = options.queueSizes.map { SimulatedQueue(most: $0) }
  }

  /// What the driver has done that no driver may.
  public var violations: [String] { memory.violations }

  /// Whether it interrupts now.
  public var isInterrupting: Bool { interruptStatus != 0 }

  /// Whether a driver has set it up.
  public var isReady: Bool { status & 4 != 0 && status & 0xC0 == 0 }

  func has(_ feature: VirtioFeatures) -> Bool { features.contains(feature) }

  private var offered: UInt64 {
    options.isLegacy
      ? options.features.rawValue & 0xFFFF_FFFF
      : options.features.rawValue | 1 << 32
  }

  /// Changes the configuration, and says so.
  public func reconfigure(_ change: (inout [UInt8]) -> Void) {
    change(&configuration)
    configurationGeneration &+= 1
    interrupt(2)
  }

  /// Changes it without a word.
  public func reconfigureSilently(_ change: (inout [UInt8]) -> Void) {
    change(&configuration)
    configurationGeneration &+= 1
  }

  public func interrupt(_ bits: UInt32) {
    if !losesInterrupts { interruptStatus |= bits }
  }

  /// Gives up, and asks for a reset: `DEVICE_NEEDS_RESET`.
  public func giveUp() {
    status |= 64
    interrupt(2)
  }

  public func expect(_ isFine: Bool, _ violation: @autoclosure () -> String) {
    if !isFine { memory.report(violation()) }
  }

  // MARK: - Registers

  public func load8(at offset: Int) -> UInt8 {
    guard offset >= 0x100, offset - 0x100 < configuration.count else {
      memory.report("8-bit load at \(offset)")
      return 0
    }
    let value = UInt32(configuration[offset - 0x100])
    return UInt8(truncatingIfNeeded: onLoad?(offset, value) ?? value)
  }

  public func store8(_ value: UInt8, at offset: Int) {
    memory.report("8-bit store at \(offset)")
  }

  public func load32(at offset: Int) -> UInt32 {
    let value = register(offset)
    return onLoad?(offset, value) ?? value
  }

  private func register(_ offset: Int) -> UInt32 {
    switch offset {
    case 0x000: return 0x7472_6976
    case 0x004: return options.isLegacy ? 1 : 2
    case 0x008: return options.deviceID
    case 0x00C: return 0x554D_4551
    case 0x010:
      expect(status & 3 == 3, "features read before the driver is known")
      guard deviceFeaturesSelect < 2 else { return 0 }
      return UInt32(
        truncatingIfNeeded: offered >> UInt64(32 * deviceFeaturesSelect))
    case 0x034: return selected.map { UInt32($0.most) } ?? 0
    case 0x040 where options.isLegacy:
      return selected.map { UInt32(truncatingIfNeeded: $0.page) } ?? 0
    case 0x044 where !options.isLegacy:
      return selected?.isReady == true ? 1 : 0
    case 0x060: return interruptStatus
    case 0x070: return status
    case 0x0FC where !options.isLegacy: return configurationGeneration
    case 0x100...: return configurationWord(offset - 0x100)
    default:
      memory.report("load at \(String(offset, radix: 16))")
      return 0
    }
  }

  private var selected: SimulatedQueue? {
    queues.indices.contains(queueSelect) ? queues[queueSelect] : nil
  }

  private func configurationWord(_ offset: Int) -> UInt32 {
    guard offset % 4 == 0, offset + 4 <= configuration.count else {
      memory.report("configuration read at \(offset)")
      return 0
    }
    return (0..<4).reduce(0) { word, index in
      word | UInt32(configuration[offset + index]) << UInt32(8 * index)
    }
  }

  public func store32(_ value: UInt32, at offset: Int) {
    if onStore?(offset, value) == true { return }
    switch offset {
    case 0x014: deviceFeaturesSelect = value
    case 0x020: accept(value)
    case 0x024: driverFeaturesSelect = value
    case 0x028 where options.isLegacy: pageSize = UInt64(value)
    case 0x030: queueSelect = Int(value)
    case 0x050: notify(Int(value))
    case 0x064: acknowledge(value)
    case 0x070: setStatus(value)
    case 0x038...0x0A4: setUpQueue(value, offset)
    default: memory.report("store at \(String(offset, radix: 16))")
    }
  }

  private func accept(_ half: UInt32) {
    expect(status & 8 == 0, "features after they were accepted")
    guard driverFeaturesSelect < 2 else { return }
    let shift = UInt64(32 * driverFeaturesSelect)
    features.rawValue &= ~(0xFFFF_FFFF << shift)
    features.rawValue |= UInt64(half) << shift
    expect(
      features.rawValue & ~offered == 0, "accepts what was not offered")
  }

  private func acknowledge(_ bits: UInt32) {
    expect(bits & ~3 == 0, "acknowledges what is not defined")
    interruptStatus &= ~bits
  }

  private func setStatus(_ value: UInt32) {
    guard value != 0 else { return reset() }
    expect(value & status & 0x87 == status & 0x87, "takes back a status bit")
    let added = value & ~status
    if added & 8 != 0 {
      expect(
        features.rawValue & ~offered == 0, "features that were not offered")
      guard features.rawValue >> 32 & 1 == 1 else {
        status = value & ~8
        return
      }
    }
    if added & 4 != 0 {
      let before: UInt32 = options.isLegacy ? 3 : 11
      expect(status & before == before, "is ready before the first steps")
    }
    status = value
  }

  private func reset() {
    resets += 1
    (status, interruptStatus, pageSize) = (0, 0, 0)
    (deviceFeaturesSelect, driverFeaturesSelect, queueSelect) = (0, 0, 0)
    features = VirtioFeatures.none
    queues = options.queueSizes.map { SimulatedQueue(most: $0) }
    onReset()
  }

  private func notify(_ index: Int) {
    notifications += 1
    expect(isReady || status & 0xC0 != 0, "notifies before it is ready")
    guard queues.indices.contains(index), isReady else { return }
    onNotify(index)
  }

  // MARK: - Setting up queues

  private func setUpQueue(_ value: UInt32, _ offset: Int) {
    guard queues.indices.contains(queueSelect) else {
      return memory.report("sets up a queue that is not there")
    }
    expect(status & 4 == 0, "sets up a queue while running")
    if !options.isLegacy {
      expect(status & 8 != 0, "sets up a queue before the features")
      expect(
        !queues[queueSelect].isReady || offset == 0x44,
        "changes a queue in use")
    }
    let (word, high) = (UInt64(value), UInt64(value) << 32)
    switch (offset, options.isLegacy) {
    case (0x038, _): queues[queueSelect].size = Int(value)
    case (0x03C, true): queues[queueSelect].alignment = word
    case (0x040, true): placeLegacyQueue(value)
    case (0x044, false): useQueue(value)
    case (0x080, false): queues[queueSelect].descriptors.setLow(word)
    case (0x084, false): queues[queueSelect].descriptors.setHigh(high)
    case (0x090, false): queues[queueSelect].available.setLow(word)
    case (0x094, false): queues[queueSelect].available.setHigh(high)
    case (0x0A0, false): queues[queueSelect].used.setLow(word)
    case (0x0A4, false): queues[queueSelect].used.setHigh(high)
    default: memory.report("store at \(String(offset, radix: 16))")
    }
  }

  private func useQueue(_ value: UInt32) {
    queues[queueSelect].isReady = value != 0
    check(queues[queueSelect])
  }

  private func placeLegacyQueue(_ page: UInt32) {
    guard page != 0 else {
      return queues[queueSelect] = SimulatedQueue(
        most: options.queueSizes[queueSelect])
    }
    expect(pageSize == 4096, "a page of \(pageSize) bytes")
    guard let start = SimulatedDMA.buffer(onPage: page) else {
      return memory.report("a queue on page \(page), which is nobody's")
    }
    queues[queueSelect].placeLegacy(start, page)
    check(queues[queueSelect])
  }

  private func check(_ queue: SimulatedQueue) {
    let size = queue.size
    expect(
      size > 0 && size <= queue.most && size & (size - 1) == 0,
      "a queue of \(size) descriptors")
    expect(queue.descriptors % 16 == 0, "descriptors not aligned")
    expect(queue.available % 2 == 0, "available ring not aligned")
    expect(queue.used % 4 == 0, "used ring not aligned")
    _ = memory.owns(queue.descriptors, 16 * size)
    _ = memory.owns(queue.available, 6 + 2 * size)
    _ = memory.owns(queue.used, 6 + 8 * size)
  }
}

extension UInt64 {
  fileprivate mutating func setLow(_ word: UInt64) {
    self = self & ~0xFFFF_FFFF | word
  }
  fileprivate mutating func setHigh(_ word: UInt64) {
    self = self & 0xFFFF_FFFF | word
  }
}
