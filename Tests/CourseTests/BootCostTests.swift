// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Benchmarks
@testable import Runner

/// How many instructions a kernel executes before its program: exact, because
/// QEMU counts them and its counter is read at both ends.
@Suite(.serialized) struct BootCostTests {
  private static let table = Clone().table

  private func instructions(_ image: String, memory: String) throws -> UInt64 {
    let toolbox = Toolbox()
    let project = try Project(root: Clone().root)
    let path = try ImageBuild(of: project, with: toolbox).image(image)
    return try StartCost(of: path, with: toolbox).instructions(memory: memory)
  }

  /// With another compiler or emulator than the one that the budgets were
  /// measured with, half as much again is allowed.
  @Test(arguments: table.chapters.map(\.number))
  func `a program starts within the budget`(chapter: Int) throws {
    let budgets = try FigureFiles(of: Project(root: Clone().root)).budgets()
    let budget = try #require(budgets.values[Figure(chapter, "start")])
    let count = try instructions("ch\(chapter)", memory: "128M")
    #expect(2 * Int(count) <= 3 * budget, "ch\(chapter): \(count)")
  }

  @Test(.enabled(if: table.chapters.count >= 3))
  func `a start costs the same however much memory there is`() throws {
    let small = try instructions("ch3", memory: "128M")
    let large = try instructions("ch3", memory: "8G")
    let difference = max(large, small) - min(large, small)
    #expect(difference * 100 <= small, "\(small), \(large)")
  }
}
