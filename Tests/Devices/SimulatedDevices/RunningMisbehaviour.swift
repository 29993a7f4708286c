// SPDX-License-Identifier: BSD-3-Clause

import Virtio

extension Misbehaviour {
  /// What a driver may say of the disk, if it says anything: where the disk
  /// writes old entries again, that depends on what they hold.
  public var accusations: [VirtioError]? {
    switch self {
    case .usesWhatCannotExist: [.noSuchDescriptor(0x1_0000)]
    case .usesTwice, .indexAheadByOne: nil
    case .indexAheadBy1000, .indexBackwards: [.usedIndexOutOfRange]
    case .statusNeverWritten: [.unknownStatus(0xFF)]
    case .statusSeven: [.unknownStatus(7)]
    case .givesUp: [.needsReset]
    case .breaksAndNeverEndsReset: [.resetFailed]
    case .breaksAndRefusesFeatures: [.featuresRefused]
    case .breaksAndLosesQueue: [.noQueue(0)]
    case .breaksAndKeepsQueue: [.queueInUse(0)]
    case .breaksAndBlocksChange: [.configurationUnstable]
    case .configurationBreaks: [.badConfiguration]
    default: nil
    }
  }

  /// Whether a driver that hears of no interrupt finds out as well.
  public var isSeenByPolling: Bool {
    ![.givesUp, .configurationBreaks, .capacityShrinks].contains(self)
  }

  /// Makes a disk lie that a driver is using. All but those that answer nothing
  /// lie once, at the next answer.
  public func corrupt(_ disk: SimulatedDisk) {
    corruptEntry(disk)
    corruptAnswer(disk)
    corruptReset(disk)
  }

  private func corruptEntry(_ disk: SimulatedDisk) {
    typealias Entry = SimulatedVirtioDevice.UsedEntry
    func once(_ change: @escaping (Entry) -> [Entry]) {
      disk.device.onUse = { [unowned disk] entry in
        disk.device.onUse = nil
        return change(entry)
      }
    }
    func index(_ change: @escaping (UInt16) -> UInt16) {
      disk.device.onUsedIndex = { [unowned disk] index in
        disk.device.onUsedIndex = nil
        return change(index)
      }
    }
    switch self {
    case .usesWhatCannotExist:
      once { [Entry(head: 0x1_0000, length: $0.length)] }
    case .usesMiddleOfChain:
      once { [Entry(head: $0.head + 1, length: $0.length)] }
    case .usesWhatIsFree:
      once { [Entry(head: 63, length: $0.length)] }
    case .usesAnother:
      once { [unowned disk] entry in
        let other = disk.pending.last?.head ?? 63
        return [Entry(head: UInt32(other), length: entry.length)]
      }
    case .usesTwice: once { [$0, $0] }
    case .indexAheadByOne: index { $0 &+ 1 }
    case .indexAheadBy1000: index { $0 &+ 1000 }
    case .indexBackwards: index { $0 &- 2 }
    default: return
    }
  }

  private func corruptAnswer(_ disk: SimulatedDisk) {
    func status(_ value: UInt8?) {
      disk.onStatus = { [unowned disk] _ in
        disk.onStatus = nil
        return value
      }
    }
    switch self {
    case .statusNeverWritten: status(nil)
    case .statusSeven: status(7)
    case .givesUp: disk.device.giveUp()
    case .answersNothing: disk.isSilent = true
    case .answersAfterReset:
      (disk.isSilent, disk.remembersOverReset) = (true, true)
    case .forgetsOne:
      disk.device.onUse = { [unowned disk] _ in
        disk.device.onUse = nil
        return []
      }
    case .capacityShrinks:
      disk.device.reconfigure { $0.put(UInt64(8), at: 0) }
    case .configurationBreaks:
      disk.device.onLoad = { $0 == 0x114 ? 3 : $1 }
      disk.device.interrupt(2)
    default: return
    }
  }

  private func corruptReset(_ disk: SimulatedDisk) {
    let device = disk.device
    var count: UInt32 = 0
    switch self {
    case .breaksAndNeverEndsReset:
      device.onLoad = { $0 == 0x70 ? $1 | 1 : $1 }
    case .breaksAndRefusesFeatures:
      device.onLoad = { $0 == 0x10 ? 0 : $1 }
    case .breaksAndLosesQueue: device.onLoad = { $0 == 0x34 ? 2 : $1 }
    case .breaksAndKeepsQueue:
      device.onLoad = { [0x40, 0x44].contains($0) ? 1 : $1 }
    case .breaksAndBlocksChange:
      device.onLoad = { offset, value in
        count += 1
        return offset == 0xFC || offset == 0x100 ? value &+ count : value
      }
    default: return
    }
    disk.onStatus = { _ in 9 }
  }
}
