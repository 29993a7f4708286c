// SPDX-License-Identifier: BSD-3-Clause
//
// The tool behind the Makefile: `swiftkraft COMMAND …`.

import Foundation
import Runner

/// Finds the command and does it.
///
/// - Returns: The status for the shell.
func perform(_ arguments: [String]) throws -> Int {
  let commands: [any Subcommand.Type] = [
    RunCommand.self, ExpectCommand.self, DebugCommand.self,
    InspectCommand.self, TraceCommand.self, BuildCommand.self,
    NewCommand.self, DiskCommand.self, DoctorCommand.self, ChaptersCommand.self,
    BenchCommand.self, BranchesCommand.self, GradeCommand.self,
    HintCommand.self,
    ResetCommand.self, SolutionCommand.self, WatchCommand.self,
    HandoutCommand.self, ClassroomCommand.self,
  ]
  guard let word = arguments.first,
    let command = commands.first(where: { $0.name == word })
  else {
    complain("Usage: swiftkraft COMMAND …\n")
    for command in commands { complain("  " + command.usage) }
    return ["help", "--help"].contains(arguments.first) ? 0 : 64
  }
  let options = try Options(
    Array(arguments.dropFirst()), valued: command.valued,
    flags: command.flags)
  return try command.init(Project.current()).run(options)
}

/// Performs the command, and explains what stops it.
///
/// - Returns: The status for the shell.
func status(of arguments: [String]) -> Int {
  do {
    try Surroundings.settle()
    return try perform(arguments)
  } catch let interrupted as Interrupted {
    return Int(interrupted.status)
  } catch {
    explain(error)
    return 1
  }
}

/// What was to be printed and is lost is no success.
///
/// - Returns: The status for the shell: that of a program which the system
///   ends, where nothing reads its output any more (`| head`).
func statusOfOutput(otherwise status: Int) -> Int {
  guard let reason = Output.standard.failure else { return status }
  guard reason != EPIPE else { return 128 + Int(SIGPIPE) }
  explain(Failure.outputLost(reason))
  return 1
}

let end = statusOfOutput(
  otherwise: status(of: Array(CommandLine.arguments.dropFirst())))
// At once: threads may still be waiting for the keyboard.
_exit(Int32(end))
