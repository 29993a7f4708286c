// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Boots an image and shows what it prints; what is typed goes to its console.
struct RunCommand: Subcommand {
  static let name = "run"
  static let valued = Options.ofMachine
  static let flags = Options.flagsOfMachine

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let name = try options.image(in: project)
    do {
      return try boot(name, options)
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: name)
      return 1
    }
  }

  private func boot(_ name: String, _ options: Options) throws -> Int {
    var run = Run(
      try options.machine(project, isQuiet: false), with: Toolbox(),
      logFolder: project.logFolder,
      seconds: try options.seconds(default: 60))
    run.screen = Screen(style: Style(for: .standardOutput))
    run.hasKeyboard = true
    let outcome = try run.outcome()
    let judge = Judge(of: run.machine.image, with: Toolbox())
    let diagnosis = judge.diagnosis(of: outcome)
    if let diagnosis {
      complain("")
      explain(diagnosis, of: name, log: outcome.log)
    }
    guard case .itself(.status(let status)) = outcome.end else { return 1 }
    // What went wrong never counts as success.
    return diagnosis == nil ? status : max(status, 1)
  }
}
