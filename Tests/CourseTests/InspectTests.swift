// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// The address space of chapter 3, read out of the halted machine: what the
/// hart uses, whatever the kernel believes.
@Suite(
  .serialized,
  .enabled(if: Clone().table.chapters.contains { $0.number >= 3 }))
struct InspectTests {
  private func inspect(_ image: String) throws -> Findings {
    let toolbox = Toolbox()
    let project = try Project(root: Clone().root)
    var machine = Machine(
      image: try ImageBuild(of: project, with: toolbox).image(image))
    machine.hasVirtualTime = true
    let log = project.buildFolder.appending(path: "inspect/test-\(image).log")
    return try Inspection(machine, with: toolbox, log: log, seconds: 30)
      .perform()
  }

  @Test(
    arguments: Clone().table.chapters.filter { $0.number >= 3 }.map(\.image))
  func `nothing is both writable and executable`(image: String) throws {
    let findings = try inspect(image)
    #expect(findings.isSound)
    let rows = findings.space.rows.filter { $0.kind != .gap }
    #expect(rows.count > 5)
    #expect(rows.allSatisfy { !$0.isDangerous })
  }

  @Test func `each part of the image allows what it needs`() throws {
    let space = try inspect("ch3").space
    let expected = [
      "code": "r-x", "constants": "r--", "variables": "rw-",
      "boot stack": "rw-", "emergency stack": "rw-", "device tree": "r--",
      "page tables": "rw-",
    ]
    for (name, letters) in expected {
      let rows = space.rows.filter { $0.name == name }
      #expect(!rows.isEmpty, "\(name) is not mapped")
      #expect(rows.allSatisfy { $0.flags.letters == letters }, "\(name)")
    }
  }

  @Test func `page 0 and the pages below both stacks are not mapped`() throws {
    let space = try inspect("ch3").space
    #expect(space.row(at: 8)?.kind == .gap)
    for stack in ["boot stack", "emergency stack"] {
      let row = try #require(space.rows.first { $0.name == stack })
      let below = space.row(at: row.range.first - 8)
      #expect(below?.kind == .gap, "\(stack)")
      #expect(below?.name == "guard page below the \(stack)")
    }
  }

  @Test func `a program without page tables is told so`() throws {
    #expect(throws: (any Error).self) { try inspect("ch2") }
  }
}
