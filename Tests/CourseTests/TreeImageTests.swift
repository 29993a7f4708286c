// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Benchmarks
@testable import Runner

/// Whether the course has come to the chapter with disks.
private let hasDisks = Clone().table.chapters.contains { $0.number >= 7 }

/// What questions to the device tree cost in the booted kernel, in
/// instructions: exact, because QEMU counts them.
@Suite(.enabled(if: hasDisks)) struct TreeImageTests {
  /// With another compiler or emulator than the one that the budgets were
  /// measured with, half as much again is allowed.
  @Test(arguments: [
    "tree: what boot wants", "tree: virtio slots",
    "tree: PLIC and its context", "tree: power register", "disks set up",
  ])
  func `a question is answered within its budget`(question: String) throws {
    let budgets = try FigureFiles(of: Project(root: Clone().root)).budgets()
    let budget = try #require(budgets.values[Figure(7, question)])
    let disk = try TestDisk(bytes: 1 << 20)
    let lines = try BuiltImage("measure-tree").boot(with: [disk])
      .transcript.kernelLines
    let line = try #require(
      lines.first { $0.hasPrefix("\(question) ") }, "\(lines)")
    let cost = try #require(Int(line.dropFirst(question.count + 1)))
    #expect(cost > 1_000 && 2 * cost <= 3 * budget, "\(line)")
  }
}
