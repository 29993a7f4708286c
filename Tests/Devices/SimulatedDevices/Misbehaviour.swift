// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// A way in which a disk does not follow the rules.
public enum Misbehaviour: CaseIterable, Sendable {
  // MARK: While it is set up, for ever
  case wrongMagic
  case versionZero
  case versionThree
  case noDevice
  case otherDevice
  case noQueue
  case queueTooLarge
  case queueInUse
  case featuresNotAccepted
  case noVersionOne
  case resetNeverEnds
  case configurationNeverStable
  case blockSizeZero
  case blockSizeOdd
  case blockSizeHuge
  case noSegments
  case segmentsWithoutBytes
  case capacityHuge

  // MARK: What a driver copes with, for ever
  case queueSizeOdd
  case configurationChangesOnce
  case interruptsWithoutReason
  case unknownInterruptBits
  case losesInterrupts
  case losesNotifications
  case lengthTooLong
  case lengthEndless
  case lengthTooShort
  case lengthZero

  // MARK: While it runs, once
  case usesWhatCannotExist
  case usesMiddleOfChain
  case usesWhatIsFree
  case usesAnother
  case usesTwice
  case indexAheadByOne
  case indexAheadBy1000
  case indexBackwards
  case statusNeverWritten
  case statusSeven
  case givesUp
  case answersNothing
  case answersAfterReset
  case forgetsOne
  case capacityShrinks

  // MARK: While it runs, and it cannot be reset
  case breaksAndNeverEndsReset
  case breaksAndRefusesFeatures
  case breaksAndLosesQueue
  case breaksAndKeepsQueue
  case breaksAndBlocksChange
  case configurationBreaks

  public static let whileSetUp = Array(allCases.prefix(18))
  public static let copedWith = Array(allCases.dropFirst(18).prefix(10))
  public static let whileRunning = Array(allCases.dropFirst(28).prefix(15))
  public static let fatal = Array(allCases.dropFirst(43))
}

extension Misbehaviour {
  /// What a driver says when it finds out while it sets the disk up.
  public var refusal: VirtioError? {
    switch self {
    case .wrongMagic: .notVirtio
    case .versionZero: .unknownVersion(0)
    case .versionThree: .unknownVersion(3)
    case .noDevice: .noDevice
    case .otherDevice: .otherDevice(1)
    case .noQueue, .queueTooLarge: .noQueue(0)
    case .queueInUse: .queueInUse(0)
    case .featuresNotAccepted, .noVersionOne: .featuresRefused
    case .resetNeverEnds: .resetFailed
    case .configurationNeverStable: .configurationUnstable
    case .blockSizeZero, .blockSizeOdd, .blockSizeHuge, .noSegments,
      .segmentsWithoutBytes, .capacityHuge:
      .badConfiguration
    default: nil
    }
  }

  /// Whether a device of version 1 can do it.
  public var isLegacy: Bool {
    self != .featuresNotAccepted && self != .noVersionOne
  }

  /// Makes a disk that a driver is about to set up lie.
  public func spoil(_ disk: SimulatedDisk) {
    if let (offset, value) = register {
      disk.device.onLoad = { $0 == offset ? value : $1 }
    }
    if self == .queueInUse {
      disk.device.onLoad = { [0x40, 0x44].contains($0) ? 1 : $1 }
    }
    spoilMore(disk)
  }

  /// A register that reads the same for ever.
  private var register: (Int, UInt32)? {
    switch self {
    case .wrongMagic: (0x000, 0x1234_5678)
    case .versionZero: (0x004, 0)
    case .versionThree: (0x004, 3)
    case .noDevice: (0x008, 0)
    case .otherDevice: (0x008, 1)
    case .noQueue: (0x034, 0)
    case .queueTooLarge: (0x034, 65535)
    case .queueSizeOdd: (0x034, 100)
    case .resetNeverEnds: (0x070, 7)
    case .blockSizeZero: (0x114, 0)
    case .blockSizeOdd: (0x114, 1000)
    case .blockSizeHuge: (0x114, 1 << 31)
    case .noSegments: (0x10C, 0)
    case .segmentsWithoutBytes: (0x108, 0)
    case .capacityHuge: (0x104, 1 << 31)
    default: nil
    }
  }

  private func spoilMore(_ disk: SimulatedDisk) {
    let device = disk.device
    var count: UInt32 = 0
    switch self {
    case .featuresNotAccepted:
      device.onLoad = { $0 == 0x70 ? $1 & ~8 : $1 }
    case .noVersionOne:
      device.onLoad = { $0 == 0x10 ? $1 & ~1 : $1 }
    case .configurationNeverStable:
      device.onLoad = { offset, value in
        count += 1
        return offset == 0xFC || offset == 0x100 ? value &+ count : value
      }
    case .configurationChangesOnce:
      device.onLoad = { [unowned device] offset, value in
        if offset == 0x104, count == 0 {
          count = 1
          device.reconfigureSilently { $0.put(UInt64(32), at: 0) }
        }
        return value
      }
    case .unknownInterruptBits:
      device.onLoad = { $0 == 0x60 ? $1 | 0xF0 : $1 }
    case .interruptsWithoutReason:
      device.onLoad = { [unowned device] offset, value in
        count += 1
        if count % 3 == 0 { device.interrupt(1) }
        return value
      }
    case .losesInterrupts: device.losesInterrupts = true
    // By the header, as devices of version 1 have done.
    case .lengthTooLong: disk.onLength = { length, _ in length + 16 }
    case .lengthEndless: disk.onLength = { _, _ in 0xFFFF_FFFF }
    case .lengthTooShort: disk.onLength = { _, _ in 1 }
    case .lengthZero: disk.onLength = { _, _ in 0 }
    case .losesNotifications:
      device.onStore = { offset, _ in
        count += offset == 0x50 ? 1 : 0
        return offset == 0x50 && count % 2 == 1
      }
    default: return
    }
  }
}
