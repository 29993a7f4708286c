// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Prints a table of Package.swift for scripts: a line for each row, a tab
/// between cells.
struct TableCommand: Subcommand {
  static let name = "table"

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    guard options.words.count == 1,
      let name = CourseTable.Name(rawValue: options.words[0])
    else {
      let known = CourseTable.Name.allCases.map(\.rawValue)
      throw Failure(
        "Which table?", advice: "One of these: \(known.joined(separator: ", "))"
      )
    }
    for row in try project.rows(of: name) {
      print(row.joined(separator: "\t"))
    }
    return 0
  }
}

/// Prints how QEMU is called for an image, a word in a line, for scripts that
/// call it themselves. The serial port is theirs to connect.
struct QEMUCommand: Subcommand {
  static let name = "qemu-command"
  static let valued = Options.ofMachine
  static let flags = Options.flagsOfMachine + ["virtual-time"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    var machine = try options.machine(project, isQuiet: true)
    machine.hasVirtualTime = options.has("virtual-time")
    print(try Toolbox().require(.qemu).path)
    for word in machine.commandLineWithoutConsole { print(word) }
    return 0
  }
}
