// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Testing

/// Whether the course has come to the chapter with page tables.
private let hasPaging = Clone().table.chapters.contains { $0.number >= 3 }

extension ImageTests {
  @Test(.enabled(if: hasPaging), arguments: ["8M", "128M", "1G"])
  func `frames and page tables work on a real hart`(memory: String) throws {
    try expectRun(
      "pages", options: ["--memory", memory],
      """
      nothing is mapped before there is a space
      a frame is seen at both of its addresses
      a page is protected, its neighbour is not
      what is unmapped is gone
      a space takes frames for its tables
      all frames and tables are back
      a device's registers can be read
      memory is no device
      every frame can be taken
      and comes back
      done
      """)
  }

  @Test(
    .enabled(if: hasPaging),
    arguments: [
      ("load-null", "page fault while loading", "null pointer"),
      ("store-code", "page fault while storing", "executed, not written"),
      ("store-constant", "page fault while storing", "program's constants"),
      ("execute-data", "fetching an instruction", "written, not executed"),
      ("execute-stack", "fetching an instruction", "on the boot stack"),
      ("load-device", "page fault while loading", "registers of a device"),
      ("load-hole", "page fault while loading", "neither memory nor a device"),
      ("load-firmware", "page fault while loading", "firmware keeps"),
      ("emergency-guard", "page fault", "below the emergency stack"),
      ("overflow", "stack overflow", "below the boot stack"),
      ("smash", "stack smashed", "smash(_:)"),
      ("release-twice", "free already", "main.swift"),
    ])
  func `a page fault says what happened and what the page allows`(
    fault: String, name: String, place: String
  ) throws {
    try expectFailure(
      "page-faults", ["--arguments", "fault=\(fault)"], words: [name, place])
  }

  @Test(.enabled(if: hasPaging))
  func `the canary differs from boot to boot`() throws {
    let canaries = try (1...2).map { _ in
      let result = try tool.run([
        "run", "page-faults", "--arguments", "show=canary",
      ])
      let line = result.text.split(whereSeparator: \.isNewline)
        .first { $0.hasPrefix("canary 0x") }
      return try #require(line, "\(result.text)")
    }
    #expect(canaries[0] != canaries[1])
    #expect(canaries.allSatisfy { $0.hasSuffix("00") }, "\(canaries)")
  }

  @Test(.enabled(if: hasPaging))
  func `the seed of the canary is not left in the device tree`() throws {
    try expectRun(
      "page-faults", options: ["--arguments", "show=seed"],
      """
      the firmware's seed was there: yes
      in the tree: no, in the boot information: no
      the tree is sound
      """)
  }
}
