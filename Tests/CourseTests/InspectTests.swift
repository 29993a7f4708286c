// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Inspecting
@testable import Runner

/// The address space of chapter 3's program, read from the machine.
@Suite(.serialized, .enabled(if: Clone().holds("Sources/Memory/Paging")))
struct InspectTests {
  let tool = BuiltTool()

  private func space() throws -> AddressSpace {
    let project = try Project(root: tool.clone.root)
    let image = try ImageBuild(of: project, with: Toolbox()).image("ch3")
    var machine = Machine(image: image)
    machine.hasVirtualTime = true
    let log = project.buildFolder.appending(path: "inspect/ch3-test.log")
    return try Inspection(machine, with: Toolbox(), log: log, seconds: 600)
      .perform().space
  }

  @Test func `nothing is writable and executable`() throws {
    let rows = try space().rows
    #expect(rows.contains { $0.physical != nil })
    #expect(rows.filter(\.isDangerous).isEmpty)
  }

  @Test func `code may be executed, constants only read`() throws {
    let rows = try space().rows
    let access = { (name: String) in
      Set(rows.filter { $0.name == name }.map(\.flags.letters))
    }
    #expect(access("code") == ["r-x"])
    #expect(access("constants") == ["r--"])
    #expect(access("variables") == ["rw-"])
    #expect(access("boot stack") == ["rw-"])
  }

  @Test func `the area below the boot stack is not mapped`() throws {
    let space = try space()
    let stack = try #require(space.rows.first { $0.name == "boot stack" })
    let guardArea = try #require(space.row(at: stack.range.first - 1))
    #expect(guardArea.kind == .gap)
    #expect(guardArea.name == "guard area below the boot stack")
    #expect(guardArea.range.size == 256 << 10)
  }

  @Test func `null pointers lead nowhere`() throws {
    let row = try #require(try space().row(at: 0))
    #expect(row.kind == .gap)
  }

  @Test func `the command ends well, and names its drawing last`() throws {
    let result = try tool.run(["inspect", "ch3"])
    #expect(result.status == 0, "\(result.text)")
    #expect(result.text.hasSuffix("Drawn in .build/inspect/ch3.svg\n"))
    #expect(tool.clone.holds(".build/inspect/ch3.svg"))
  }

  @Test func `a program without paging is told where paging begins`() throws {
    let result = try tool.run(["inspect", "ch1"])
    #expect(result.status == 1)
    #expect(result.text.contains("Paging is off"))
    #expect(result.text.contains("Chapter 3 turns it on"))
  }
}
