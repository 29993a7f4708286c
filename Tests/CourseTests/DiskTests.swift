// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// Whether the course has come to the chapter with threads.
private let hasThreads = Clone().table.chapters.contains { $0.number >= 5 }

/// What makes the disk of chapter 7.
private let script = "chapters/ch7-block/disk.sh"

/// What the tests of disks and of power cuts build upon.
@Suite(.serialized) struct DiskTests {
  @Test func `a disk is empty, and keeps what is put on it`() throws {
    let disk = try TestDisk(bytes: 1 << 20)
    try disk.write(Data([1, 2, 3]), at: 512)
    #expect(try disk.read(4, at: 511) == Data([0, 1, 2, 3]))
    let copy = try TestDisk(copyOf: disk)
    #expect(try copy.contents() == disk.contents())
    #expect(try copy.contents().count == 1 << 20)
  }

  @Test func `a disk goes with its test`() throws {
    var disk: TestDisk? = try TestDisk(bytes: 512)
    let path = try #require(disk?.device.image.path)
    disk = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(.enabled(if: Clone().holds(script)))
  func `the disk of chapter 7 holds partitions and the pattern`() throws {
    let clone = Clone()
    let disks = try (0..<2).map { _ in try TestDisk(bytes: 0) }
    for disk in disks {
      let answer = try Command(
        URL(filePath: "/bin/sh"),
        [clone.root.appending(path: script).path, disk.device.image.path]
      ).run(within: 600)
      #expect(answer.succeeded && answer.output.isEmpty, "\(answer.complaint)")
    }
    #expect(try disks[0].contents() == disks[1].contents())
    #expect(try disks[0].contents().count == 8 << 20)
    #expect(try disks[0].read(8, at: 512) == Data("EFI PART".utf8))
    #expect(try disks[0].read(1 << 20, at: 1 << 20) == pattern(1 << 20))
  }

  /// Each word of 8 bytes follows from its offset.
  private func pattern(_ count: UInt64) -> Data {
    var bytes: [UInt8] = []
    for offset in stride(from: 0, to: count, by: 8) {
      let word = offset &* 0x9E37_79B9_7F4A_7C15 &+ 1
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    return Data(bytes)
  }

  @Test func `a program runs beside disks that it does not know`() throws {
    let disks = try [TestDisk(bytes: 1 << 20), TestDisk(bytes: 1 << 20)]
    disks[1].device.isReadOnly = true
    let outcome = try BuiltImage("hello").boot(with: disks)
    #expect(outcome.end == .itself(.status(0)), "\(outcome.complaints)")
    #expect(outcome.transcript.kernelLines == ["Hello, world"])
  }

  @Test(.enabled(if: hasThreads))
  func `what was printed before a power cut is there`() throws {
    let image = try BuiltImage("idle")
    let disk = try TestDisk(bytes: 1 << 20)
    for _ in 0..<5 {
      // A line comes each 0.1 s. In real time, the numbers may differ.
      let lines = try image.cutPower(of: [disk], within: 0...0.15).wholeLines
      #expect((1...3).contains(lines.count), "\(lines)")
      for line in lines {
        #expect(line.wholeMatch(of: /[0-9]+ interrupts/) != nil, "\(line)")
      }
    }
  }

  @Test(.enabled(if: hasThreads))
  func `a power cut ends a program that would have gone on`() throws {
    let cut = try BuiltImage("hangs").cutPower(within: 0...0)
    #expect(cut.wasRunning)
    #expect(cut.wholeLines == ["before the loop"])
  }

  @Test(.enabled(if: hasThreads))
  func `a power cut may wait for a line, and may come too late`() throws {
    let cut = try BuiltImage("idle").cutPower(after: "3 ", within: 600...600)
    #expect(!cut.wasRunning)
    #expect(cut.wholeLines.count == 3)
  }

  @Test func `the power can be cut many times in a row`() throws {
    let image = try BuiltImage("hello")
    let disk = try TestDisk(bytes: 1 << 20)
    for _ in 0..<20 {
      let cut = try image.cutPower(of: [disk], within: 0...0.01)
      #expect(cut.wholeLines == ["Hello, world"])
    }
  }

  @Test func `a machine that never says a word is killed as well`() throws {
    let image = try BuiltImage("silent")
    #expect(throws: Failure.self) { try image.cutPower(patience: 1) }
  }
}
