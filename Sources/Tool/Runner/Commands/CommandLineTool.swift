// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// What the tool's programs have in common: they find the command, perform it,
/// explain what stops it, and end with a status for the shell.
package struct CommandLineTool {
  private let commands: [any Subcommand.Type]

  /// - Parameter commands: Those that this program performs itself.
  package init(_ commands: [any Subcommand.Type]) { self.commands = commands }

  /// Performs what the command line says, and ends the program.
  package func main() -> Never {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let end = statusOfOutput(otherwise: status(of: arguments))
    // At once: threads may still be waiting for the keyboard.
    _exit(Int32(end))
  }

  private func perform(_ arguments: [String]) throws -> Int {
    let word = arguments.first ?? ""
    guard let command = commands.first(where: { $0.name == word }) else {
      if let part = CommandList.part(of: word), !part.isEmpty {
        try CommandList.handOver(to: part, arguments)
      }
      complain("Usage: swiftkraft COMMAND …\n")
      for (_, usage) in CommandList.usages { complain("  " + usage) }
      return ["help", "--help"].contains(word) ? 0 : 64
    }
    let options = try Options(
      Array(arguments.dropFirst()), valued: command.valued,
      flags: command.flags)
    let project = try Project.current()
    if let application = project.application,
      CommandList.ofClone.contains(word)
    {
      throw Failure(
        "`swiftkraft \(word)` is about the course, not about \(application.folder.lastPathComponent).",
        advice: "Change to the clone first: cd \(project.root.path)")
    }
    return try command.init(project).run(options)
  }

  private func status(of arguments: [String]) -> Int {
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
  private func statusOfOutput(otherwise status: Int) -> Int {
    guard let reason = Output.standard.failure else { return status }
    guard reason != EPIPE else { return 128 + Int(SIGPIPE) }
    explain(Failure.outputLost(reason))
    return 1
  }
}
