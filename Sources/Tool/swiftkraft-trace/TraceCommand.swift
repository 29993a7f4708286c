// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Tracing

/// Boots an image that notes what its scheduler does, and draws it.
struct TraceCommand: Subcommand {
  static let name = "trace"
  static let valued = Options.ofMachine + ["out"]
  static let flags = Options.flagsOfMachine

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let name = try options.image(in: project)
    let folder = options.value("out").map { URL(filePath: $0) }
    let files = TraceFiles(
      of: name, in: folder ?? project.buildFolder.appending(path: "trace"))
    files.remove()
    do {
      return try trace(name, into: files, options)
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: name)
      return 1
    }
  }

  private func trace(
    _ name: String, into files: TraceFiles, _ options: Options
  ) throws -> Int {
    var machine = try options.machine(project, isQuiet: false, isTraced: true)
    machine.hasVirtualTime = true
    let outcome = try outcome(of: machine, options)
    guard outcome.end != .unseen else { return 1 }
    try files.write(outcome.transcript)
    let judge = Judge(of: machine.image, with: Toolbox())
    let diagnosis = judge.diagnosis(of: outcome)
    if let diagnosis {
      complain("")
      explain(diagnosis, of: name, log: files.log)
    }
    guard let trace = Trace(outcome.transcript.kernelLines) else {
      guard diagnosis == nil else { return 1 }
      throw Self.nothingTraced
    }
    try show(trace, files)
    guard diagnosis == nil, trace.isSound,
      case .itself(.status(let status)) = outcome.end
    else { return 1 }
    return status
  }

  private func outcome(
    of machine: Machine, _ options: Options
  ) throws -> Outcome {
    var run = Run(
      machine, with: Toolbox(), logFolder: project.logFolder,
      seconds: try options.seconds(default: 60))
    run.screen = Screen(style: Style(for: .standardOutput), hidesTrace: true)
    run.hasKeyboard = true
    return try run.outcome()
  }

  private func show(_ trace: Trace, _ files: TraceFiles) throws {
    try files.write(trace)
    let style = Style(for: .standardOutput)
    let report = Report(root: project.home, style: style)
    print("")
    for line in trace.lines(style: style) { print(line) }
    print("\nDrawn in \(report.short(files.drawing))")
    print("For https://ui.perfetto.dev: \(report.short(files.events))")
  }

  private static var nothingTraced: Failure {
    Failure(
      "This program starts no scheduler, so there is nothing to draw.",
      advice: "Threads begin in chapter 5.")
  }
}
