// SPDX-License-Identifier: BSD-3-Clause

import Foundation

@testable import Runner

/// An image, built once, to be booted many times: without the tool between, a
/// boot takes a tenth of a second.
struct BuiltImage {
  /// The program's own arguments.
  var arguments = ""
  /// For QEMU, as they are.
  var options: [String] = []

  private let path: URL
  private let logs: URL

  /// Builds `name`, a chapter's image or one of the tests' own.
  init(_ name: String, _ configuration: Configuration = .release) throws {
    let project = try Project(root: Clone().root)
    path = try ImageBuild(of: project, with: Toolbox(), configuration)
      .image(name)
    logs = project.logFolder
  }

  /// What boots, with these disks.
  func machine(with disks: [TestDisk]) -> Machine {
    var machine = Machine(image: path)
    machine.arguments = arguments
    machine.options = options
    machine.disks = disks.map(\.device)
    return machine
  }

  /// Boots it and waits for its end: `outcome.transcript.kernelLines` is what
  /// it printed, `outcome.end` how it ended.
  func boot(
    with disks: [TestDisk] = [], inVirtualTime: Bool = true,
    within seconds: Double = 600
  ) throws -> Outcome {
    var machine = machine(with: disks)
    machine.hasVirtualTime = inVirtualTime
    var run = Run(
      machine, with: Toolbox(), logFolder: logs, seconds: seconds)
    run.mostBytes = 16 << 20
    return try run.outcome()
  }

  /// Boots it, lets its time be over as soon as it has printed `text`, and
  /// gives the runner's words for that. Until then it has ten minutes: what a
  /// busy computer needs is no time-out.
  func words(whenLateAfter text: String) throws -> String {
    var run = Run(
      machine(with: []), with: Toolbox(), logFolder: logs, seconds: 600)
    run.timeOutAfter = text
    run.monitorSeconds = 600
    let judge = Judge(of: path, with: Toolbox())
    guard let diagnosis = judge.diagnosis(of: try run.outcome()) else {
      return "It ended by itself."
    }
    return Report(root: Clone().root, style: Style(hasColour: false))
      .text(diagnosis, of: path.lastPathComponent)
  }
}
