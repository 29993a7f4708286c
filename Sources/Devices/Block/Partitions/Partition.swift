// SPDX-License-Identifier: BSD-3-Clause

import Console
import Hart

/// A stretch of a block device that is a block device itself.
///
///     request for sector 5 ─▶ Partition ─▶ sector 2048 + 5 ─▶ the disk
///
/// Costs an addition and two comparisons a request. Sectors outside of it
/// cannot be reached through it. The device below stays usable by itself.
public final class Partition: BlockDevice, @unchecked Sendable {
  /// What a partition is for.
  public enum Kind: Equatable, Sendable {
    /// No table says.
    case unknown
    /// The type of a partition in a master boot record.
    case mbr(UInt8)
    /// The type of a partition in a GUID partition table.
    case gpt(GUID)
  }

  /// The device that it is a part of.
  public let device: BlockDevice
  /// Its first sector, on that device.
  public let firstSector: UInt64
  /// Its number in the table, from 1 on; logical partitions of a master boot
  /// record have numbers from 5 on. 0 if it is in no table.
  public let number: Int
  /// What it is for.
  public let kind: Kind
  /// Its name, if the table has names.
  public let name: ShortName
  /// Whether the table gives some of its sectors to another partition too, or
  /// has put it where no partition should be. It can be read, and not written.
  public private(set) var isDamaged = false

  /// A part of a device that no table tells of.
  ///
  /// - Parameters:
  ///   - device: The device.
  ///   - firstSector: Where the part begins.
  ///   - sectorCount: How many sectors it has.
  /// - Throws: `misaligned` if it does not begin and end at blocks of the
  ///   device, `outOfRange` if the device has no such sectors.
  public convenience init(
    of device: BlockDevice, firstSector: UInt64, sectorCount: UInt64
  ) throws(BlockError) {
    let whole = device.geometry
    guard (firstSector | sectorCount) & (whole.sectorsPerBlock &- 1) == 0
    else { throw .misaligned }
    guard firstSector <= whole.sectorCount,
      sectorCount <= whole.sectorCount &- firstSector
    else { throw .outOfRange }
    self.init(
      of: device, Extent(first: firstSector, count: sectorCount), number: 0,
      .unknown)
  }

  /// The sectors of `extent`, which are known to be whole blocks of `device`.
  init(
    of device: BlockDevice, _ extent: Extent, number: Int, _ kind: Kind,
    _ name: ShortName = ShortName()
  ) {
    self.device = device
    firstSector = extent.first
    self.number = number
    self.kind = kind
    self.name = name
    var geometry = device.geometry
    geometry.sectorCount = extent.count
    super.init(geometry: geometry)
  }

  /// It is not to be written: see ``isDamaged``.
  func markDamaged() {
    isDamaged = true
    var geometry = geometry
    geometry.isReadOnly = true
    change(geometry: geometry)
  }

  public override func start(_ request: BlockRequest, at sector: UInt64) {
    switch request.operation {
    case .flush, .identify: return device.start(request, at: 0)
    case .read, .write, .discard, .writeZeroes: break
    }
    // The partition above may have moved it, and the disk may have shrunk.
    let (end, count) = (geometry.sectorCount, request.sectorCount)
    guard sector <= end, count <= end &- sector,
      firstSector &+ sector &+ count <= device.geometry.sectorCount
    else { return request.finish(.outOfRange) }
    device.start(request, at: firstSector &+ sector)
  }

  public override func push() { device.push() }

  public override func poll() { device.poll() }

  public override var needsPolling: Bool { device.needsPolling }
  public override var isUnheard: Bool { device.isUnheard }

  public override func recover() { device.recover() }
}

/// Some sectors or blocks that follow one another.
struct Extent: Equatable {
  var first: UInt64
  var count: UInt64

  /// Whether `other` lies in it completely.
  func contains(_ other: Extent) -> Bool {
    other.first >= first && other.first &- first <= count
      && other.count <= count &- (other.first &- first)
  }

  /// Whether both have something in common; neither may reach beyond the last
  /// number that there is.
  func overlaps(_ other: Extent) -> Bool {
    first < other.first &+ other.count && other.first < first &+ count
  }
}

/// The name of a partition or a disk: at most 36 characters.
public struct ShortName: Sendable {
  private var bytes: [36 of UInt8] = .init(repeating: 0)

  /// How many characters it has.
  public private(set) var count = 0

  /// No name.
  init() {}

  /// Adds a character. A console must not be told anything but letters: what is
  /// not printable ASCII becomes `?`.
  mutating func append(_ unit: UInt16) {
    let isPrintable = unit >= 32 && unit < 127
    bytes[count] = isPrintable ? UInt8(unit) : UInt8(ascii: "?")
    count += 1
  }

  /// The character at `index`, in ASCII.
  public subscript(index: Int) -> UInt8 { bytes[index] }

  /// Whether it is `text`.
  @inline(never)
  public static func == (name: ShortName, text: StaticString) -> Bool {
    let text = ByteView(text)
    guard name.count == text.count else { return false }
    for index in 0..<name.count where name[index] != text[index] {
      return false
    }
    return true
  }
}

extension Message.Interpolation {
  /// The name of a partition.
  public mutating func appendInterpolation(_ name: ShortName) {
    var console = SystemConsole()
    for index in 0..<name.count { console.write(name[index]) }
  }

  /// What a partition is for, as other systems' tools write it.
  public mutating func appendInterpolation(_ kind: Partition.Kind) {
    switch kind {
    case .unknown: appendInterpolation("unknown" as StaticString)
    case .mbr(let type): appendInterpolation(hex: UInt64(type), digits: 2)
    case .gpt(let type):
      var console = SystemConsole()
      for index in 0..<type.count { console.write(type[index]) }
    }
  }
}
