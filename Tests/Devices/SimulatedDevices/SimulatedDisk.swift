// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Virtio

/// A virtio disk for tests (virtio 1.2, section "Block Device").
///
/// It answers at once, or when it is told to, in any order; it fails what it
/// is told to fail; and a ``Misbehaviour`` makes it lie.
public final class SimulatedDisk {
  public struct Options: Sendable {
    public var isLegacy = false
    public var hasIndirect = false
    public var hasEventIndex = false
    public var hasFlush = true
    /// Whether a driver may ask whether it caches, and choose.
    public var hasCacheControl = false
    /// Whether its owner has told it to write through its cache.
    public var writesThrough = false
    public var hasDiscard = true
    public var hasWriteZeroes = true
    public var isReadOnly = false
    public var sectorCount = 64
    public var queueSize = 64
    /// Told to the driver if not nil.
    public var blockSize: UInt32?
    public var segmentLimit: UInt32?
    public var sizeLimit: UInt32?
    public var maxDiscardSectors: UInt32 = 32
    public var maxZeroSectors: UInt32 = 32
    public var name = "simulated"
    public init() {}

    /// Every combination of what changes how a queue works.
    public static var all: [Options] {
      (0..<8).map { bits in
        var options = Options()
        options.isLegacy = bits & 1 != 0
        options.hasIndirect = bits & 2 != 0
        options.hasEventIndex = bits & 4 != 0
        return options
      }
    }
  }

  public let options: Options
  public let device: SimulatedVirtioDevice
  /// What it holds.
  public var sectors: [UInt8]
  /// What of it would survive a loss of power.
  public private(set) var durable: [UInt8]
  /// What it has been asked, and has not answered.
  public internal(set) var pending: [SimulatedChain] = []
  public private(set) var answered = 0

  /// Whether it answers at once.
  public var answersAtOnce = true
  /// Whether it looks at its queue by itself, and wants no notification.
  public var looksByItself = false
  /// Sectors that it cannot read or write.
  public var failing: Set<UInt64> = []

  // MARK: How it lies

  /// Changes the status that it writes; nil is none at all.
  public var onStatus: ((UInt8) -> UInt8?)?
  /// Changes the length that it tells.
  public var onLength: ((_ length: Int, _ chain: SimulatedChain) -> Int)?
  /// Whether it keeps what it was asked over a reset.
  public var remembersOverReset = false
  /// Whether it never answers.
  public var isSilent = false
  /// What it has been asked before the last reset, if it remembers.
  private var remembered: [SimulatedChain] = []

  public init(_ options: Options = Options()) {
    self.options = options
    sectors = Array(repeating: 0, count: 512 * options.sectorCount)
    durable = sectors
    device = SimulatedVirtioDevice(options.forDevice)
    device.onNotify = { [weak self] _ in self?.look() }
    device.onReset = { [weak self] in self?.forget() }
  }

  private func forget() {
    remembered = remembersOverReset ? pending : []
    pending = []
  }

  // MARK: - Working

  /// Looks for new requests, and answers those that it answers at once.
  public func look() {
    repeat {
      while let chain = device.takeChain() {
        check(chain)
        pending.append(chain)
      }
      device.wantNotifications(!looksByItself)
    } while !looksByItself && device.hasChains
    if answersAtOnce { answerAll() }
  }

  public func answerAll() {
    while !isSilent, !pending.isEmpty { answer() }
  }

  /// Answers one of the requests that it was asked.
  public func answer(_ index: Int = 0) {
    guard !isSilent, pending.indices.contains(index) else { return }
    finish(pending.remove(at: index))
  }

  public func finish(_ chain: SimulatedChain) {
    let (status, written) = perform(chain)
    let shown = onStatus.map { $0(status) } ?? status
    if let shown, let place = chain.writable.last {
      device.memory.store([shown], place.address + UInt64(place.count - 1))
    }
    let length = written + 1
    answered += 1
    device.use(chain, length: onLength?(length, chain) ?? length)
  }

  /// Answers what it was asked before a reset that it was to forget, and is no
  /// longer silent.
  public func finishRemembered() {
    guard !remembered.isEmpty else { return }
    isSilent = false
    for chain in remembered { finish(chain) }
    remembered = []
  }

  /// Whether what it has written lasts at once. As QEMU's disk does, it changes
  /// its owner's choice for a driver that does not know of the choice: to
  /// caching for one that flushes, to writing through for one that does not.
  public var writesThrough: Bool {
    if device.features.contains(VirtioFeatures(11)) {
      return device.configuration[32] == 0
    }
    return !device.features.contains(VirtioFeatures(9))
  }

  private func check(_ chain: SimulatedChain) {
    device.expect(
      chain.readable.first?.count == 16, "a header of another size")
    device.expect(chain.writable.last?.count == 1, "a status of another size")
    let limit = options.segmentLimit ?? .max
    let segments = chain.readable.count + chain.writable.count - 2
    device.expect(segments <= limit, "\(segments) segments of \(limit)")
    let size = options.sizeLimit ?? .max
    let all = chain.readable + chain.writable
    device.expect(all.allSatisfy { $0.count <= size }, "a segment too large")
  }

  /// - Returns: The status, and how many bytes were written before it.
  private func perform(_ chain: SimulatedChain) -> (UInt8, Int) {
    let input = chain.readable.flatMap { stretch in
      device.memory.bytes(stretch.address, stretch.count)
    }
    guard input.count >= 16 else { return (1, 0) }
    let sector = input[8..<16].number
    let data = input.dropFirst(16)
    switch input[0..<4].number {
    case 0: return read(sector, chain)
    case 1: return (write(sector, data), 0)
    case 4:
      guard options.hasFlush else { return (2, 0) }
      device.expect(chain.writableCount == 1 && data.isEmpty, "flushes data")
      durable = sectors
      return (0, 0)
    case 8: return identify(chain)
    case 11 where options.hasDiscard: return (fill(data, 0xDD), 0)
    case 13 where options.hasWriteZeroes: return (fill(data, 0), 0)
    default: return (2, 0)
    }
  }

  private func isFine(_ sector: UInt64, _ count: Int) -> Bool {
    let all = UInt64(options.sectorCount)
    let block = UInt64(options.blockSize ?? 512) / 512
    device.expect(
      sector <= all && UInt64(count) <= all - sector && count > 0,
      "sectors \(sector) to \(sector &+ UInt64(count)) of \(all)")
    device.expect(
      (sector | UInt64(count)) % max(block, 1) == 0, "not whole blocks")
    guard sector <= all, UInt64(count) <= all - sector else { return false }
    return !(sector..<sector + UInt64(count)).contains(where: failing.contains)
  }

  private func read(
    _ sector: UInt64, _ chain: SimulatedChain
  ) -> (UInt8, Int) {
    let count = chain.writableCount - 1
    device.expect(count % 512 == 0, "reads \(count) bytes")
    guard isFine(sector, count / 512) else { return (1, 0) }
    let start = Int(sector) * 512
    put(sectors[start..<start + count], into: chain)
    return (0, count)
  }

  private func put(_ bytes: ArraySlice<UInt8>, into chain: SimulatedChain) {
    var rest = bytes
    for stretch in chain.writable {
      device.memory.store(rest.prefix(stretch.count), stretch.address)
      rest = rest.dropFirst(stretch.count)
    }
  }

  private func write(_ sector: UInt64, _ data: ArraySlice<UInt8>) -> UInt8 {
    device.expect(data.count % 512 == 0, "writes \(data.count) bytes")
    device.expect(!options.isReadOnly, "writes to what is read-only")
    guard !options.isReadOnly, isFine(sector, data.count / 512) else {
      return 1
    }
    let start = Int(sector) * 512
    sectors.replaceSubrange(start..<start + data.count, with: data)
    if writesThrough {
      durable.replaceSubrange(start..<start + data.count, with: data)
    }
    return 0
  }

  private func identify(_ chain: SimulatedChain) -> (UInt8, Int) {
    device.expect(chain.writableCount == 21, "a name of another size")
    var name = Array(options.name.utf8.prefix(20))
    name += Array(repeating: 0, count: 20 - name.count)
    put(name[...], into: chain)
    return (0, 20)
  }

  private func fill(_ data: ArraySlice<UInt8>, _ value: UInt8) -> UInt8 {
    let range = Array(data)
    device.expect(range.count == 16, "ranges of \(range.count) bytes")
    guard range.count >= 16 else { return 1 }
    let (sector, count) = (range[0..<8].number, Int(range[8..<12].number))
    device.expect(range[12..<16].number == 0, "flags of a range")
    guard isFine(sector, count) else { return 1 }
    let start = Int(sector) * 512
    let bytes = repeatElement(value, count: 512 * count)
    sectors.replaceSubrange(start..<start + bytes.count, with: bytes)
    return 0
  }

  /// Follows the rules from now on.
  public func becomeHonest() {
    (device.onLoad, device.onStore) = (nil, nil)
    (device.onUse, device.onUsedIndex) = (nil, nil)
    (onStatus, onLength) = (nil, nil)
    device.losesInterrupts = false
    (isSilent, remembersOverReset) = (false, false)
    guard device.configuration != device.options.configuration else { return }
    device.reconfigure { $0 = device.options.configuration }
  }
}

extension SimulatedVirtioDevice {
  /// Whether there are chains that it has not taken.
  public var hasChains: Bool {
    let queue = queues[0]
    guard queue.isReady, isReady else { return false }
    return memory.load16(queue.available + 2) != queue.taken
  }
}

extension ArraySlice where Element == UInt8 {
  /// A little-endian number.
  var number: UInt64 { reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}

extension SimulatedDisk.Options {
  var forDevice: SimulatedVirtioDevice.Options {
    var device = SimulatedVirtioDevice.Options()
    device.isLegacy = isLegacy
    device.queueSizes = [queueSize]
    let offers: [(Bool, Int)] = [
      (sizeLimit != nil, 1), (segmentLimit != nil, 2), (isReadOnly, 5),
      (blockSize != nil, 6), (hasFlush, 9), (hasCacheControl, 11),
      (hasDiscard, 13),
      (hasWriteZeroes, 14), (hasIndirect, 28), (hasEventIndex, 29),
    ]
    for (isOffered, bit) in offers where isOffered {
      device.features = device.features | VirtioFeatures(bit)
    }
    device.configuration = Array(repeating: 0, count: 64)
    device.configuration.put(UInt64(sectorCount), at: 0)
    let words: [(Int, UInt32)] = [
      (8, sizeLimit ?? 0), (12, segmentLimit ?? 0), (20, blockSize ?? 0),
      (36, maxDiscardSectors), (40, 1), (44, 1), (48, maxZeroSectors), (52, 1),
    ]
    for (offset, word) in words {
      device.configuration.put(word, at: offset)
    }
    device.configuration[32] = writesThrough ? 0 : 1
    return device
  }
}

extension Array where Element == UInt8 {
  /// Puts a little-endian number there.
  public mutating func put<Number: FixedWidthInteger>(
    _ number: Number, at offset: Int
  ) {
    for index in 0..<Number.bitWidth / 8 {
      self[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
    }
  }
}

extension SimulatedDisk.Options: CustomStringConvertible {
  public var description: String {
    (isLegacy ? "legacy" : "modern") + (hasIndirect ? " indirect" : "")
      + (hasEventIndex ? " events" : "")
  }
}
