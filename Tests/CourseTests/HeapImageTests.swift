// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Testing

/// Whether the course has come to the chapter with the heap.
private let hasHeap = Clone().table.chapters.contains { $0.number >= 4 }

extension ImageTests {
  @Test(.enabled(if: hasHeap), arguments: ["release", "debug"])
  func `C and Swift get memory from the heap`(configuration: String) throws {
    try expectRun(
      "heap-functions", options: ["--configuration", configuration],
      "as expected, 0 blocks left")
  }

  @Test(.enabled(if: hasHeap), arguments: ["release", "debug"])
  func `an interrupt may use the heap`(configuration: String) throws {
    try expectRun(
      "heap-interrupts", options: ["--configuration", configuration],
      "{{[0-9]+}} interrupts, no block damaged")
  }

  @Test(.enabled(if: hasHeap))
  func `a program can bring its own heap`() throws {
    try expectRun(
      "heap-choice", "the sum is 499500\n0 blocks are in use")
  }

  @Test(
    .enabled(if: hasHeap),
    arguments: [
      ("twice", ["released twice", "allocated at:", "released at:"]),
      ("foreign", ["no block of the heap"]),
      ("overrun", ["overrun", "allocated at:"]),
      ("underrun", ["underrun", "allocated at:"]),
      ("late", ["after their release", "allocated at:", "released at:"]),
      ("at-end", ["after their release", "allocated at:", "released at:"]),
    ])
  func `misuse of the heap is found in a debug image`(
    fault: String, words: [String]
  ) throws {
    try expectFailure(
      "heap-faults",
      ["--configuration", "debug", "--arguments", "fault=\(fault)"],
      words: words + ["misuse()", "main.swift"])
  }

  @Test(
    .enabled(if: hasHeap),
    arguments: [
      ("twice", ["24 bytes at", "released twice", "CONFIGURATION=debug"]),
      ("late", ["24 bytes at", "after their release", "CONFIGURATION=debug"]),
      ("large", ["bytes at", "released twice"]),
      ("merged", ["released twice"]),
    ])
  func `some misuse of the heap is found in every image`(
    fault: String, words: [String]
  ) throws {
    try expectFailure(
      "heap-faults", ["--arguments", "fault=\(fault)"],
      words: words + ["panicked", "main.swift"])
  }

  @Test(.enabled(if: hasHeap))
  func `leaks are listed in a debug image`() throws {
    try expectRun(
      "heap-faults",
      options: ["--configuration", "debug", "--arguments", "fault=leak"],
      """
      24 bytes at {{0x[0-9a-f]+}} are in use
      allocated at:
      ...
      nothing was found
      """)
  }

  @Test(.enabled(if: hasHeap))
  func `leaks are listed at the end of a program that is asked for them`()
    throws
  {
    try expectRun(
      "ch4",
      options: ["--configuration", "debug", "--arguments", "leaks"],
      "...\n0 blocks are left")
  }

  @Test(.enabled(if: hasHeap))
  func `Swift without memory ends in a panic that says so`() throws {
    try expectFailure(
      "heap-exhausted",
      words: [
        "out of memory: 8024 bytes with alignment 8", "are in use",
        "largest free block", "fillsTheHeap()",
      ])
  }

  @Test(.enabled(if: hasHeap))
  func `malloc and free stay within their budgets`() throws {
    try expectRun(
      "measure-heap",
      """
      malloc + free, 64 B: {{[1-5]?[0-9]|6[0-4]}}
      malloc + free, 4096 B: {{[1-9]?[0-9]|1[01][0-9]|120}}
      mixed, 16 to 515 B, per call: {{[1-7]?[0-9]|80}}
      ...
      """)
  }
}

extension ContentTests {
  @Test(.enabled(if: hasHeap), arguments: ["heap-choice", "measure-heap"])
  func `no heap is made at its first use`(image: String) throws {
    // That would be behind swift_once, where an interrupt that needs memory
    // could wait for what it has interrupted.
    let symbols = try symbols(of: image)
    #expect(symbols.contains("heap_allocate"))
    #expect(!symbols.contains("swift_once"))
  }

  @Test(.enabled(if: hasHeap))
  func `nothing of the default heap is in an image with another`() throws {
    let symbols = try symbols(of: "heap-choice")
    for part in ["default_heap", "TLSF", "QuickLists", "DefaultHeap"] {
      #expect(!symbols.contains(part), "\(part) is in the image")
    }
    #expect(try self.symbols(of: "measure-heap").contains("default_heap"))
  }
}
