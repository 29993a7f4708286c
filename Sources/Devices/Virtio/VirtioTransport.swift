// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The way to a virtio device through registers in memory: virtio-mmio.
///
///     reset ─▶ acknowledge ─▶ features ─▶ queues ─▶ driver ready
///
/// Both versions of the transport are spoken: 2, which the specification
/// describes, and 1, "legacy", which QEMU offers unless it is told otherwise.
/// A driver sees no difference (virtio 1.2, sections "Device Initialization"
/// and "Virtio Over MMIO").
///
/// All calls may be made from an interrupt.
public struct VirtioTransport<Bus: RegisterBus> {
  /// Whether the device speaks version 1.
  public let isLegacy: Bool
  /// What kind of device it is: 1 a network card, 2 a disk, 3 a console, 4 a
  /// source of random numbers, and so on.
  public let deviceID: UInt32

  private let bus: Bus

  /// How often something is looked at that must come to an end.
  private static var timeout: Int { 100_000 }

  /// The device whose registers `bus` reaches.
  ///
  /// - Throws: `notVirtio`, `unknownVersion` or `noDevice`.
  public init(bus: Bus) throws(VirtioError) {
    guard bus.load32(at: VirtioRegister.magic) == 0x7472_6976 else {
      throw .notVirtio
    }
    let version = bus.load32(at: VirtioRegister.version)
    guard version == 1 || version == 2 else { throw .unknownVersion(version) }
    deviceID = bus.load32(at: VirtioRegister.deviceID)
    guard deviceID != 0 else { throw .noDevice }
    self.bus = bus
    isLegacy = version == 1
  }

  // MARK: - Setting up

  /// Has the device forget all, and waits until it has: from then on it touches
  /// no memory.
  ///
  /// - Throws: `resetFailed`; memory that it was given must not be used again.
  public func reset() throws(VirtioError) {
    bus.store32(0, at: VirtioRegister.status)
    for _ in 0..<Self.timeout where status == 0 { return }
    throw .resetFailed
  }

  /// Resets the device, and agrees with it on what both can do.
  ///
  /// - Parameters:
  ///   - required: Features without which the driver cannot work.
  ///   - optional: Features that it uses if they are there.
  /// - Returns: What was agreed on.
  /// - Throws: `resetFailed` or `featuresRefused`.
  public func begin(
    requiring required: VirtioFeatures = .none,
    accepting optional: VirtioFeatures
  ) throws(VirtioError) -> VirtioFeatures {
    try reset()
    add(DeviceStatus.acknowledged)
    add(DeviceStatus.driver)
    let version = isLegacy ? VirtioFeatures.none : .version1
    let offered = offeredFeatures()
    guard offered.contains(required | version) else {
      fail()
      throw .featuresRefused
    }
    let agreed = offered & (optional | required | version)
    store(agreed)
    guard !isLegacy else {
      bus.store32(4096, at: VirtioRegister.guestPageSize)
      return agreed
    }
    add(DeviceStatus.featuresAccepted)
    guard status & DeviceStatus.featuresAccepted != 0 else {
      fail()
      throw .featuresRefused
    }
    return agreed
  }

  /// How many descriptors a queue may have.
  ///
  /// - Throws: `noQueue`, or `queueInUse`.
  public func queueSize(_ index: UInt32) throws(VirtioError) -> Int {
    bus.store32(index, at: VirtioRegister.queueSelect)
    let inUse = isLegacy ? VirtioRegister.queuePage : VirtioRegister.queueReady
    guard bus.load32(at: inUse) == 0 else { throw .queueInUse(index) }
    let size = bus.load32(at: VirtioRegister.queueSizeMax)
    guard size >= 1, size <= 32768 else { throw .noQueue(index) }
    return Int(size)
  }

  /// Tells the device where a queue lies.
  public func setUp(_ queue: borrowing Virtqueue) {
    bus.store32(queue.index, at: VirtioRegister.queueSelect)
    bus.store32(UInt32(queue.size), at: VirtioRegister.queueSize)
    guard !isLegacy else {
      bus.store32(4096, at: VirtioRegister.queueAlignment)
      let page = UInt32(truncatingIfNeeded: queue.descriptorsAddress >> 12)
      return bus.store32(page, at: VirtioRegister.queuePage)
    }
    store(queue.descriptorsAddress, at: VirtioRegister.queueDescriptors)
    store(queue.availableAddress, at: VirtioRegister.queueAvailable)
    store(queue.usedAddress, at: VirtioRegister.queueUsed)
    bus.store32(1, at: VirtioRegister.queueReady)
  }

  /// The last step: from now on the device works.
  public func finish() { add(DeviceStatus.driverReady) }

  /// Tells the device that the driver gives up.
  public func fail() { add(DeviceStatus.failed) }

  // MARK: - Running

  /// Tells the device that there are new chains in a queue.
  @inline(__always)
  public func notify(_ queue: UInt32) {
    bus.store32(queue, at: VirtioRegister.queueNotify)
  }

  /// Asks why the device has interrupted, and takes the reason away.
  @inline(__always)
  public func acknowledgeInterrupt() -> VirtioInterrupt {
    let bits = bus.load32(at: VirtioRegister.interruptStatus)
    if bits != 0 {
      bus.store32(bits & 3, at: VirtioRegister.interruptAcknowledge)
    }
    return VirtioInterrupt(bits: bits)
  }

  /// Whether the device has given up.
  public var needsReset: Bool { status & DeviceStatus.needsReset != 0 }

  // MARK: - Configuration

  /// Reads from the configuration, and does so again until nothing has changed
  /// in between.
  ///
  /// - Parameter body: Reads what it needs; may be called several times.
  /// - Returns: What `body` has returned.
  /// - Throws: `configurationUnstable`.
  public func configuration<Value: Equatable>(
    _ body: (VirtioConfiguration<Bus>) -> Value
  ) throws(VirtioError) -> Value {
    // Version 1 has no generation: what is read twice alike did not change.
    var last: Value?
    for _ in 0..<1000 {
      let before = generation
      let value = body(VirtioConfiguration(bus: bus))
      if isLegacy ? value == last : generation == before { return value }
      last = value
    }
    throw .configurationUnstable
  }

  private var generation: UInt32 {
    isLegacy ? 0 : bus.load32(at: VirtioRegister.configurationGeneration)
  }

  // MARK: - Parts

  private var status: UInt32 { bus.load32(at: VirtioRegister.status) }

  private func add(_ step: UInt32) {
    bus.store32(status | step, at: VirtioRegister.status)
  }

  private func offeredFeatures() -> VirtioFeatures {
    var bits: UInt64 = 0
    for half: UInt32 in 0..<2 {
      bus.store32(half, at: VirtioRegister.deviceFeaturesSelect)
      let part = bus.load32(at: VirtioRegister.deviceFeatures)
      bits |= UInt64(part) << UInt64(32 * half)
    }
    return VirtioFeatures(rawValue: isLegacy ? bits & 0xFFFF_FFFF : bits)
  }

  private func store(_ features: VirtioFeatures) {
    for half: UInt32 in 0..<2 {
      let part = features.rawValue >> UInt64(32 * half)
      bus.store32(half, at: VirtioRegister.driverFeaturesSelect)
      bus.store32(
        UInt32(truncatingIfNeeded: part), at: VirtioRegister.driverFeatures)
    }
  }

  /// Sets an address, the lower half first.
  private func store(_ address: UInt64, at register: Int) {
    bus.store32(UInt32(truncatingIfNeeded: address), at: register)
    bus.store32(UInt32(truncatingIfNeeded: address >> 32), at: register + 4)
  }
}

/// The part of a device's registers that is its type's own. Offsets are in
/// bytes from its start.
public struct VirtioConfiguration<Bus: RegisterBus> {
  let bus: Bus

  /// The 8-bit number at `offset`.
  public func load8(at offset: Int) -> UInt8 {
    bus.load8(at: VirtioRegister.configuration + offset)
  }

  /// The 32-bit number at `offset`, a multiple of 4.
  public func load32(at offset: Int) -> UInt32 {
    bus.load32(at: VirtioRegister.configuration + offset)
  }

  /// The 64-bit number at `offset`, a multiple of 4.
  public func load64(at offset: Int) -> UInt64 {
    UInt64(load32(at: offset)) | UInt64(load32(at: offset + 4)) << 32
  }
}
