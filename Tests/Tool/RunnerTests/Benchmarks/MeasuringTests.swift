// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Benchmarks
@testable import Runner

@Suite struct `Lines of figures` {
  private func figures(_ text: String) -> [String] {
    FigureLines(text.split(separator: "\n").map(String.init)).figures
      .map { "\($0.name) = \($0.value)" }
  }

  @Test func `end in a number, with or without a colon`() {
    #expect(
      figures("mutex pair 17\nmalloc + free, 64 B: 58")
        == ["mutex pair = 17", "malloc + free, 64 B = 58"])
  }

  @Test func `stand below a heading`() {
    #expect(
      figures("round robin\n  yield 58\nstrict priority\n  yield 100")
        == ["yield, round robin = 58", "yield, strict priority = 100"])
  }

  @Test func `are not those of a table for people`() {
    #expect(figures("TLSF: allocate 179, longest 262; release 76") == [])
    #expect(figures("64 bytes at 0x80201234\nyield 58") == ["yield = 58"])
  }
}

@Suite struct `A raw image` {
  /// An ELF file with segments: its type, where it is loaded, bytes in the file
  /// and in memory.
  private func file(_ segments: [(UInt64, UInt64, UInt64, UInt64)]) -> Data {
    var file = Data([0x7F, 0x45, 0x4C, 0x46, 2, 1])
    file += Data(count: 26) + number(64, 8) + Data(count: 14)
    file += number(56, 2) + number(UInt64(segments.count), 2) + Data(count: 6)
    for (type, address, inFile, inMemory) in segments {
      file += number(type, 4) + Data(count: 20) + number(address, 8)
      file += number(inFile, 8) + number(inMemory, 8) + Data(count: 8)
    }
    return file
  }

  private func number(_ value: UInt64, _ count: Int) -> Data {
    Data((0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) })
  }

  @Test func `reaches from the first byte to the last, gaps included`() throws {
    let image = try RawImage(
      elf: file([
        (1, 0x8020_2000, 0x560, 0x1000), (1, 0x8020_0000, 0x1844, 0x1844),
      ]))
    #expect(image.size == 0x2560)
  }

  @Test func `is without what is only zero, and what is not loaded`() throws {
    let image = try RawImage(
      elf: file([
        (1, 0x8020_0000, 16, 16), (1, 0x8030_0000, 0, 4096),
        (6, 0x10, 64, 64),
      ]))
    #expect(image.size == 16)
  }

  @Test func `is not made of anything else`() {
    for damaged in [
      Data(), Data("a text".utf8), file([(1, 0, 1, 1)]).dropLast(20),
      file([(1, .max, 2, 2)]),
    ] {
      #expect(throws: Failure.self) { try RawImage(elf: damaged) }
    }
  }
}

@Suite struct `The smallest memory` {
  /// What is found, and how often it was tried.
  private func search(
    from least: Int, need: Int
  ) -> (found: Int?, tries: Int) {
    var tries = 0
    let found = SmallestMemory.search(from: least) { size in
      tries += 1
      return size >= need
    }
    return (found, tries)
  }

  @Test(arguments: [2048, 2049, 5116, 5120, 5121, 70_000, 131_000])
  func `is found to the next step`(need: Int) {
    let found = search(from: 2048, need: need).found
    #expect(found == (need + 63) / 64 * 64)
  }

  @Test func `is tried once where it is known`() {
    #expect(search(from: 5120, need: 5000) == (5120, 1))
  }

  @Test func `may be too much to look for`() {
    #expect(search(from: 2048, need: .max).found == nil)
  }
}
