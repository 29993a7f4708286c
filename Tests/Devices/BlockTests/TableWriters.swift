// SPDX-License-Identifier: BSD-3-Clause

import Foundation

@testable import Block

struct ToolFailure: Error, CustomStringConvertible {
  let description: String
}

/// Runs `sfdisk`, or another tool that Debian keeps beside it, with `words` and
/// then the path of a file that holds `image`.
///
/// - Returns: What it prints, the path left out, and the file's contents.
func run(
  _ tool: String, _ words: [String], on image: Data, script: String = ""
) throws -> (text: String, image: Data) {
  let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
  // Debian keeps it for root, and Homebrew to itself.
  let more: [Substring] = [
    "/usr/sbin", "/sbin", "/opt/homebrew/opt/util-linux/sbin",
    "/usr/local/opt/util-linux/sbin",
  ]
  let path = (folders.split(separator: ":") + more).map { "\($0)/\(tool)" }
    .first(where: FileManager.default.isExecutableFile(atPath:))
  guard let path else {
    throw ToolFailure(
      description: "\(tool) is missing; `make setup` installs it")
  }
  let base = FileManager.default.temporaryDirectory
    .appendingPathComponent("table-\(UUID().uuidString)").path
  let files = ["", ".script", ".log"].map { URL(fileURLWithPath: base + $0) }
  defer { for file in files { try? FileManager.default.removeItem(at: file) } }
  for file in files { try Data().write(to: file) }
  try image.write(to: files[0])
  try Data(script.utf8).write(to: files[1])
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = words + [files[0].path]
  process.environment = ["LC_ALL": "C"]
  process.standardInput = try FileHandle(forReadingFrom: files[1])
  process.standardOutput = try FileHandle(forWritingTo: files[2])
  process.standardError = process.standardOutput
  try process.run()
  process.waitUntilExit()
  let log = try String(contentsOf: files[2], encoding: .utf8)
  guard process.terminationStatus == 0 else {
    throw ToolFailure(description: "\(tool) cannot do \(script): \(log)")
  }
  return (
    log.replacingOccurrences(of: base, with: ""),
    try Data(contentsOf: files[0])
  )
}

/// A disk of 64 MiB whose table `sfdisk` has made from `script`.
func sfdisk(_ script: String) throws -> SparseDisk {
  let made = try run(
    "sfdisk", ["--no-reread", "--no-tell-kernel"],
    on: Data(count: 64 << 20), script: script)
  return SparseDisk(image: made.image)
}

// MARK: - Master boot records

extension SparseDisk {
  var blockSize: UInt64 { UInt64(geometry.blockSize) }

  /// Writes a record with up to four entries.
  func writeRecord(
    at block: UInt64 = 0,
    _ entries: [(type: UInt8, first: UInt64, count: UInt64)]
  ) {
    let start = block * blockSize
    for (index, entry) in entries.enumerated() {
      let place = start + 446 + 16 * UInt64(index)
      put(UInt64(entry.type), at: place + 4, size: 1)
      put(entry.first, at: place + 8, size: 4)
      put(entry.count, at: place + 12, size: 4)
    }
    put(0xAA55, at: start + 510, size: 2)
  }

  /// Writes a chain of records at these blocks, each with a partition in the
  /// block behind it; the first one's is an extended partition's start.
  func writeChain(at blocks: [UInt64], next: UInt64? = nil) {
    for (index, block) in blocks.enumerated() {
      let following = index + 1 < blocks.count ? blocks[index + 1] : next
      let link = following.map { [(UInt8(5), $0 - blocks[0], UInt64(2))] }
      writeRecord(at: block, [(0x83, 1, 1)] + (link ?? []))
    }
  }
}

// MARK: - GUID partition tables

/// What a GUID partition table is made from.
struct GPTImage {
  var sectorsPerBlock: UInt64 = 1
  var blockCount: UInt64 = 200
  var entryCount: UInt64 = 8
  var entrySize: UInt64 = 128
  /// The first and the last block of each.
  var partitions: [(first: UInt64, last: UInt64)] = [(40, 59), (60, 60)]
  var headerSize: UInt64 = 92

  var blockSize: UInt64 { 512 * sectorsPerBlock }
  private var tableBlocks: UInt64 {
    (entryCount * entrySize + blockSize - 1) / blockSize
  }

  func disk() -> SparseDisk {
    let disk = SparseDisk(
      sectorCount: blockCount * sectorsPerBlock,
      sectorsPerBlock: sectorsPerBlock)
    disk.writeRecord([(0xEE, 1, min(blockCount - 1, 0xFFFF_FFFF))])
    let last = blockCount - 1
    for (header, other, entries) in [
      (1, last, 2), (last, 1, last - tableBlocks),
    ] {
      let start = header * blockSize
      disk.put(0x5452_4150_2049_4645, at: start, size: 8)
      disk.put(0x1_0000, at: start + 8, size: 4)
      disk.put(headerSize, at: start + 12, size: 4)
      let numbers = [
        header, other, 2 + tableBlocks, last - tableBlocks - 1,
      ]
      for (index, number) in numbers.enumerated() {
        disk.put(number, at: start + 24 + 8 * UInt64(index), size: 8)
      }
      disk.put(entries, at: start + 72, size: 8)
      disk.put(entryCount, at: start + 80, size: 4)
      disk.put(entrySize, at: start + 84, size: 4)
      write(entriesAt: entries * blockSize, to: disk)
      disk.seal(headerAt: header)
    }
    return disk
  }

  private func write(entriesAt start: UInt64, to disk: SparseDisk) {
    for (index, partition) in partitions.enumerated() {
      let place = start + entrySize * UInt64(index)
      disk.put(0x4772_8483_0FC6_3DAF, at: place, size: 8)
      disk.put(0xE47D_47D8_693D_798E, at: place + 8, size: 8)
      disk.put(0x1111 + UInt64(index), at: place + 16, size: 8)
      disk.put(partition.first, at: place + 32, size: 8)
      disk.put(partition.last, at: place + 40, size: 8)
      for (letter, unit) in "part \(index)".utf16.enumerated() {
        disk.put(UInt64(unit), at: place + 56 + 2 * UInt64(letter), size: 2)
      }
    }
  }
}

extension SparseDisk {
  var lastBlock: UInt64 { geometry.sectorCount * 512 / blockSize - 1 }

  /// Where a field of a header is: the one at the start, or its copy.
  func field(_ offset: UInt64, ofCopy isCopy: Bool = false) -> UInt64 {
    (isCopy ? lastBlock : 1) * blockSize + offset
  }

  /// Makes the checksums right again, if what the header says makes sense.
  func seal(headerAt block: UInt64) {
    let start = block * blockSize
    let entries = number(at: start + 72, size: 8)
    let count =
      number(at: start + 80, size: 4) * number(at: start + 84, size: 4)
    if count <= 1 << 17, entries < 1 << 40 {
      let sum = checksum(at: entries * blockSize, count: count)
      put(sum, at: start + 88, size: 4)
    }
    let size = number(at: start + 12, size: 4)
    guard size <= blockSize else { return }
    put(0, at: start + 16, size: 4)
    put(checksum(at: start, count: size), at: start + 16, size: 4)
  }

  /// Makes the checksums of both headers right again.
  func sealBoth() {
    seal(headerAt: 1)
    seal(headerAt: lastBlock)
  }

  private func checksum(at start: UInt64, count: UInt64) -> UInt64 {
    UInt64(CRC32.of(bytes(at: start, count: count)))
  }
}

/// The checksum, made in another way than by the library: with a table.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }

  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
    }
  }
}
