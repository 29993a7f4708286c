// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Boots an image and compares what it prints with standard input.
struct ExpectCommand: Subcommand {
  static let name = "expect"
  static let valued = Options.ofMachine + ["status", "type"]
  static let flags = Options.flagsOfMachine + ["real-time"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let name = try options.image(in: project)
    let text = try allOfStandardInput()
    let status = try options.number("status") ?? 0
    let expectation = try Expectation(String(decoding: text, as: UTF8.self))
    var log: URL?
    // What an earlier run has written would tell in what is printed.
    let fresh = try options.chapterDisk(of: project)?.fresh()
    defer {
      if let fresh { try? FileManager.default.removeItem(at: fresh.image) }
    }
    do {
      let run = try prepared(options, fresh)
      let outcome = try run.outcome()
      log = outcome.log
      let judge = Judge(
        of: run.machine.image, with: Toolbox(), expectation: expectation,
        status: status)
      if let diagnosis = judge.diagnosis(of: outcome) { throw diagnosis }
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: name, log: log)
      return 1
    }
    print("ok \(title(name, options)): printed as expected, status \(status)")
    return 0
  }

  private func prepared(_ options: Options, _ fresh: Disk?) throws -> Run {
    var machine = try options.machine(project, isQuiet: true, keepsDisk: false)
    machine.disks += [fresh].compactMap(\.self)
    machine.hasVirtualTime = !options.has("real-time")
    var run = Run(
      machine, with: Toolbox(), logFolder: project.logFolder,
      seconds: try options.seconds(default: 30))
    run.typed = options.value("type") ?? ""
    run.mostBytes = 16 << 20
    return run
  }

  private func title(_ name: String, _ options: Options) -> String {
    options.value("arguments").map { "\(name) \($0)" } ?? name
  }
}
