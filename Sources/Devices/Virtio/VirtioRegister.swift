// SPDX-License-Identifier: BSD-3-Clause

/// The registers of the memory-mapped transport, in bytes from the first
/// (virtio 1.2, section "MMIO Device Register Layout"; those of version 1
/// alone: section "Legacy interface").
enum VirtioRegister {
  static let magic = 0x000
  static let version = 0x004
  static let deviceID = 0x008
  static let deviceFeatures = 0x010
  static let deviceFeaturesSelect = 0x014
  static let driverFeatures = 0x020
  static let driverFeaturesSelect = 0x024
  static let queueSelect = 0x030
  static let queueSizeMax = 0x034
  static let queueSize = 0x038
  static let queueNotify = 0x050
  static let interruptStatus = 0x060
  static let interruptAcknowledge = 0x064
  static let status = 0x070
  static let configuration = 0x100

  // Version 2
  static let queueReady = 0x044
  static let queueDescriptors = 0x080
  static let queueAvailable = 0x090
  static let queueUsed = 0x0A0
  static let configurationGeneration = 0x0FC

  // Version 1
  static let guestPageSize = 0x028
  static let queueAlignment = 0x03C
  static let queuePage = 0x040
}

/// How far driver and device have come with each other (virtio 1.2, section
/// "Device Status Field").
enum DeviceStatus {
  static let acknowledged: UInt32 = 1
  static let driver: UInt32 = 2
  static let driverReady: UInt32 = 4
  static let featuresAccepted: UInt32 = 8
  static let needsReset: UInt32 = 64
  static let failed: UInt32 = 128
}

/// Why a device has interrupted.
public struct VirtioInterrupt: Sendable {
  let bits: UInt32

  /// Its configuration has changed, or it has given up.
  public var hasChangedConfiguration: Bool { bits & 2 != 0 }
}
