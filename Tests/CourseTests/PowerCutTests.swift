// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

private let hasDisks = Clone().table.chapters.contains { $0.number >= 7 }

/// What a disk holds after the power was cut at any moment.
///
/// The image is of the format qcow2: QEMU keeps in its own memory which
/// clusters are in use until the kernel has it flush them, and loses that when
/// it is killed, as a real disk loses its cache.
@Suite(.serialized, .enabled(if: hasDisks)) struct PowerCutTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "swiftkraft-cuts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
  }

  @Test func `what was flushed survives a hundred power cuts`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var image = try BuiltImage("block-cut")
    var records = 0
    for _ in 0..<100 {
      let (told, lost) = try cut(&image)
      records += told
      #expect(lost == [], "of \(told) records these are lost")
    }
    // The cuts came in the middle of work.
    #expect(records >= 100)
  }

  /// The test of the test: without a flush, this disk does lose records.
  @Test func `what was not flushed is lost now and then`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var image = try BuiltImage("block-cut")
    image.arguments = "hasty"
    var lost = 0
    for _ in 0..<10 { lost += try cut(&image).lost.count }
    #expect(lost > 0)
  }

  /// The owner of this disk has chosen that each write lasts when it is done.
  @Test func `a disk that writes through loses nothing without a flush`()
    throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    var image = try BuiltImage("block-cut")
    image.arguments = "hasty"
    var records = 0
    for _ in 0..<30 {
      let (told, lost) = try cut(&image, cache: "writethrough")
      records += told
      #expect(lost == [], "of \(told) records these are lost")
    }
    #expect(records > 30)
  }

  /// Boots the image with an empty disk, and kills QEMU at a random moment.
  ///
  /// - Parameters:
  ///   - image: What to boot.
  ///   - cache: What the disk's owner has chosen, as QEMU calls it.
  /// - Returns: How many records the program had called safe, and which of
  ///   them are not on the disk.
  /// - Throws: ``Failure`` if the image or a tool fails.
  private func cut(
    _ image: inout BuiltImage, cache: String = "writeback"
  ) throws -> (told: Int, lost: [Int]) {
    let disk = folder.appending(path: "disk.qcow2")
    try run("qemu-img", ["create", "-q", "-f", "qcow2", disk.path, "64M"])
    image.options = [
      "-drive",
      "if=none,id=d,format=qcow2,file=\(disk.path),cache=\(cache)",
      "-device", "virtio-blk-device,drive=d",
    ]
    // Work, not time: a slow disk is cut off after as many records.
    let last = Int.random(in: 1...6)
    let cut = try image.cutPower(
      after: "record \(last)", within: 0...0.02)
    let told = cut.wholeLines.filter { $0.hasPrefix("record ") }.count
    let raw = folder.appending(path: "disk.raw")
    try run(
      "qemu-img",
      ["convert", "-f", "qcow2", "-O", "raw", disk.path, raw.path])
    let file = try FileHandle(forReadingFrom: raw)
    defer { try? file.close() }
    let lost = try (1..<(told + 1)).filter { number in
      try file.seek(toOffset: UInt64(number) << 16)
      return try file.read(upToCount: 4096) != record(UInt64(number))
    }
    return (told, lost)
  }

  private func run(_ tool: String, _ arguments: [String]) throws {
    let answer = try Command(URL(filePath: "/usr/bin/env"), [tool] + arguments)
      .run(within: 600)
    guard answer.succeeded else { throw Failure("\(answer.complaint)") }
  }

  /// What the program writes as its record with this number.
  private func record(_ number: UInt64) -> Data {
    let words = (0..<UInt64(512)).map { place in
      (number << 16 | place) &* 0x9E37_79B9_7F4A_7C15
    }
    return words.withUnsafeBytes { unsafe Data($0) }
  }
}
