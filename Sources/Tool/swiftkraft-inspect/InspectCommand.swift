// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Inspecting
import Runner

/// Shows the address space of a program, read from the machine at its end.
struct InspectCommand: Subcommand {
  static let name = "inspect"
  static let valued = Options.ofMachine
  static let flags = Options.flagsOfMachine

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let name = try options.image(in: project)
    let log = folder.appending(path: "\(name).log")
    // What an earlier run printed would mislead.
    try? FileManager.default.removeItem(at: log)
    do {
      var machine = try options.machine(project, isQuiet: false)
      machine.hasVirtualTime = true
      let findings = try Inspection(
        machine, with: Toolbox(), log: log,
        seconds: options.seconds(default: 30)
      ).perform()
      try show(findings, of: name)
      return findings.isSound ? 0 : 1
    } catch let diagnosis as Diagnosis {
      let isLogged = FileManager.default.fileExists(atPath: log.path)
      explain(diagnosis, of: name, log: isLogged ? log : nil)
      return 1
    }
  }

  private var folder: URL { project.buildFolder.appending(path: "inspect") }

  private func show(_ findings: Findings, of name: String) throws {
    let style = Style(for: .standardOutput)
    for line in findings.lines(of: name, style: style) { print(line) }
    let drawing = folder.appending(path: "\(name).svg")
    try Data(findings.drawing(of: name).utf8).write(to: drawing)
    let report = Report(root: project.home, style: style)
    print("\nDrawn in \(report.short(drawing))")
  }
}
