// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Shows the address space of a program, read from the machine at its end.
struct InspectCommand: Subcommand {
  static let name = "inspect"
  static let usage = "inspect NAME [--timeout S]              its address space"
  static let valued = Options.ofMachine
  static let flags = ["exercises", "no-build"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let name = try options.image()
    do {
      return try inspect(name, options)
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: name)
      return 1
    }
  }

  private func inspect(_ name: String, _ options: Options) throws -> Int {
    var machine = try options.machine(project, isQuiet: false)
    machine.hasVirtualTime = true
    let folder = project.buildFolder.appending(path: "inspect")
    let findings = try Inspection(
      machine, with: Toolbox(), log: folder.appending(path: "\(name).log"),
      seconds: options.seconds(default: 30)
    ).perform()
    let style = Style(for: .standardOutput)
    for line in findings.lines(of: name, style: style) { print(line) }
    let drawing = folder.appending(path: "\(name).svg")
    try Data(findings.drawing(of: name).utf8).write(to: drawing)
    let report = Report(root: project.root, style: style)
    print("\nDrawn in \(report.short(drawing))")
    return findings.isSound ? 0 : 1
  }
}
