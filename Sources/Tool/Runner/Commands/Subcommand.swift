// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// One of the tool's commands.
package protocol Subcommand {
  /// The word that calls it.
  static var name: String { get }
  /// The options that take a value.
  static var valued: [String] { get }
  /// The options that do not.
  static var flags: [String] { get }

  init(_ project: Project)

  /// Does it, and gives the status for the shell.
  func run(_ options: Options) throws -> Int
}

extension Subcommand {
  package static var valued: [String] { [] }
  package static var flags: [String] { [] }
}

/// Prints a line on standard error, where it does not get between a program's
/// own output.
package func complain(_ line: String) { Output.complaints.write(line + "\n") }

/// Prints on standard output, in place of Swift's own function, which does not
/// tell whether that failed.
package func print(_ line: String, terminator: String = "\n") {
  Output.standard.write(line + terminator)
}

/// Prints why the tool stops.
package func explain(
  _ error: any Error, of name: String? = nil, log: URL? = nil
) {
  let project = try? Project.current()
  let report = Report(
    root: project?.home ?? URL(filePath: "/"),
    style: Style(for: .standardError),
    isOfApplication: project?.application != nil)
  switch error {
  case let diagnosis as Diagnosis:
    complain(report.text(diagnosis, of: name ?? "swiftkraft", log: log))
  case let failure as Failure: complain(report.text(failure))
  default: complain(report.text(Failure(system: error)))
  }
}

extension Options {
  /// The one word that names an image. In an application's folder, its only
  /// program needs no word.
  package func image(in project: Project) throws -> String {
    if let application = project.application {
      return try application.program(named: words)
    }
    guard words.count == 1 else {
      throw Failure(
        words.isEmpty ? "Which chapter?" : "One chapter at a time.",
        advice: "For example: swiftkraft run ch1")
    }
    return words[0]
  }

  package func configuration() throws -> Configuration {
    let word = value("configuration") ?? "release"
    guard let configuration = Configuration(rawValue: word) else {
      throw Failure("The configuration is release or debug, not \(word).")
    }
    return configuration
  }

  /// From the option, or else from the variable `TIMEOUT`.
  package func seconds(default standard: Int) throws -> Double {
    if let seconds = try number("timeout") { return Double(seconds) }
    let variable = ProcessInfo.processInfo.environment["TIMEOUT"] ?? ""
    guard !variable.isEmpty else { return Double(standard) }
    guard let seconds = Double(variable), seconds >= 0 else {
      throw Failure("TIMEOUT is a number of seconds; `\(variable)` is none.")
    }
    return seconds
  }

  /// The disks that the options name, in their order.
  package func disks() throws -> [Disk] {
    let disks = try all("disk").map { try Disk(option: $0) }
    guard disks.count <= Disk.most else {
      throw Failure(
        "The machine has places for \(Disk.most) disks, not \(disks.count).")
    }
    return disks
  }

  /// The disk that the program brings, unless the options name others or
  /// refuse it.
  package func chapterDisk(of project: Project) throws -> ChapterDisk? {
    guard all("disk").isEmpty, !has("no-disk") else { return nil }
    return ChapterDisk(of: try image(in: project), in: project)
  }

  /// The machine that the options describe, with an image built for it.
  ///
  /// - Parameters:
  ///   - project: The clone.
  ///   - isQuiet: Whether to build without a word.
  ///   - isTraced: Whether the image tells what its scheduler does.
  ///   - keepsDisk: Whether the disk that the program brings is the kept one;
  ///     else none is attached.
  /// - Returns: What to boot.
  /// - Throws: ``Failure``, ``Diagnosis`` or ``Interrupted``.
  package func machine(
    _ project: Project, isQuiet: Bool, isTraced: Bool = false,
    keepsDisk: Bool = true
  ) throws -> Machine {
    let name = try image(in: project)
    let build = ImageBuild(
      of: project, with: Toolbox(), try configuration(),
      usesExercises: has("exercises"), isTraced: isTraced)
    let path =
      has("no-build")
      ? build.path(of: name)
      : try build.image(name) { if !isQuiet { complain("Building \(name)…") } }
    var machine = Machine(image: path)
    machine.arguments = value("arguments") ?? ""
    machine.memory = value("memory") ?? machine.memory
    machine.harts = try number("harts") ?? machine.harts
    machine.disks = try disks()
    if keepsDisk, let disk = try chapterDisk(of: project) {
      machine.disks = [try disk.kept()]
    }
    machine.options = all("qemu-option").flatMap { option in
      option.split(separator: " ").map(String.init)
    }
    return machine
  }

  package static let ofMachine = [
    "arguments", "configuration", "timeout", "memory", "harts", "disk",
    "qemu-option",
  ]

  package static let flagsOfMachine = ["exercises", "no-build", "no-disk"]
}
