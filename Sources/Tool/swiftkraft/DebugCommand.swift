// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Halts an image at its first instruction and attaches gdb.
struct DebugCommand: Subcommand {
  static let name = "debug"
  static let valued = Options.ofMachine + ["command"]
  static let flags = Options.flagsOfMachine

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    do {
      let debugger = Debugger(
        try options.machine(project, isQuiet: false), with: Toolbox(),
        folder: project.buildFolder.appending(path: "debugger"))
      return try debugger.debug(
        batch: options.all("command"),
        screen: Screen(style: Style(for: .standardOutput)))
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: try options.image(in: project))
      return 1
    }
  }
}
