// SPDX-License-Identifier: BSD-3-Clause

/// Why a device cannot be used, or can be no longer.
///
/// The first group is found while a device is set up; the second when it does
/// what no device may do. The driver then resets it.
public enum VirtioError: Error, Equatable, Sendable {
  // MARK: Setting up

  /// The registers are not those of a virtio device.
  case notVirtio
  /// The slot is empty.
  case noDevice
  /// Another kind of device than the driver's sits there.
  case otherDevice(UInt32)
  /// The transport has a version that is not known: 1 and 2 are.
  case unknownVersion(UInt32)
  /// The device does not accept the features that the driver can do with.
  case featuresRefused
  /// The device lacks a queue that it must have, or its size is 0 or larger
  /// than a queue can be.
  case noQueue(UInt32)
  /// The device says that a queue is in use which the driver has not set up.
  case queueInUse(UInt32)
  /// The device does not end its reset.
  case resetFailed
  /// The configuration changes each time that it is read.
  case configurationUnstable
  /// The configuration holds what makes no sense.
  case badConfiguration
  /// There is not enough memory.
  case outOfMemory

  // MARK: Running

  /// The device has used more chains than it was given.
  case usedIndexOutOfRange
  /// The device has used a chain that cannot exist.
  case noSuchDescriptor(UInt32)
  /// The device has used a chain that it was not given, or twice.
  case notInFlight(UInt32)
  /// The device has used a request without a status that the specification
  /// knows.
  case unknownStatus(UInt8)
  /// The device has given up, and asks for a reset.
  case needsReset
  /// The device does not answer.
  case noAnswer

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch self {
    case .notVirtio: "no virtio device answers there"
    case .noDevice: "the slot is empty"
    case .otherDevice: "another kind of device sits there"
    case .unknownVersion: "the transport's version is unknown"
    case .featuresRefused: "the device rejected a required feature"
    case .noQueue: "the device lacks a queue"
    case .queueInUse: "a queue is in use that was not set up"
    case .resetFailed: "the device does not end its reset"
    case .configurationUnstable: "the configuration never stays the same"
    case .badConfiguration: "the configuration makes no sense"
    case .outOfMemory: "there is not enough memory"
    case .usedIndexOutOfRange: "the device has used more than it was given"
    case .noSuchDescriptor: "the device has used what cannot exist"
    case .notInFlight: "the device has used what it was not given"
    case .unknownStatus: "the device has finished a request without a status"
    case .needsReset: "the device has given up"
    case .noAnswer: "the device does not answer"
    }
  }
}
