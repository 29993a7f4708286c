// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Has SwiftPM build one product.
package struct PackageBuild {
  package static let triple = "riscv64-none-none-eabi"

  private let project: Project
  package let swift: URL
  private let scratch: URL
  /// Nil for a program of this machine, in SwiftPM's own configuration.
  private let board: Configuration?
  /// What Package.swift reads.
  package var variables: [String: String] = [:]

  /// - Parameters:
  ///   - project: The clone.
  ///   - swift: The compiler.
  ///   - scratch: Where it is built: one folder for each way to build.
  ///   - board: How to compile for the board, or nil for this machine.
  package init(
    project: Project, swift: URL, scratch: URL, board: Configuration? = nil
  ) {
    self.project = project
    self.swift = swift
    self.scratch = scratch
    self.board = board
  }

  /// Where a product lies once it is built.
  package func path(of product: String) -> URL {
    let folder = board.map { "\(Self.triple)/\($0)" } ?? "debug"
    return scratch.appending(path: "\(folder)/\(product)")
  }

  /// Builds a product.
  ///
  /// - Parameters:
  ///   - product: Its name.
  ///   - seconds: When to give up.
  /// - Throws: ``Diagnosis/buildFailed(_:words:)`` with what the compiler said,
  ///   seen from the package's folder, or ``Diagnosis/hostIsFull(_:)``.
  package func build(_ product: String, within seconds: Double? = nil) throws {
    let answer = try command(for: product).run(within: seconds)
    guard !answer.succeeded else { return }
    let words = Self.compilerWords(answer.text + answer.complaint)
      .replacing(project.home.path + "/", with: "")
    guard !Self.lacksRoom(words) else {
      throw Diagnosis.hostIsFull(scratch.path)
    }
    throw Diagnosis.buildFailed(
      product,
      words: answer.isTooLate
        ? "error: the compiler did not come to an end" : words)
  }

  private func command(for product: String) -> Command {
    let target =
      board.map { ["--configuration", "\($0)", "--triple", Self.triple] } ?? []
    var command = Command(
      swift,
      ["build", "--product", product, "--scratch-path", scratch.path] + target
        + applicationFlags)
    command.environment = variables
    if board != nil { command.environment["SWIFTKRAFT_BOARD"] = "virt" }
    command.withheld = Self.volatile
    command.folder = project.home
    return command
  }

  /// The clone's own programs get theirs from its manifest.
  private var applicationFlags: [String] {
    guard board != nil, project.application != nil else { return [] }
    return project.table.boardFlags.flatMap { ["-Xswiftc", $0] }
  }

  /// What make and shells set, and no build depends on. SwiftPM evaluates
  /// Package.swift anew, which takes a second, whenever any variable changes.
  private static let volatile: Set = [
    "_", "OLDPWD", "SHLVL", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
    "MAKE_TERMERR", "MAKE_TERMOUT", "MFLAGS", "ARGS", "CONFIGURATION", "EX",
    "EXERCISES", "NO_COLOR", "OUT", "STRICT", "SWIFTKRAFT", "TIMEOUT",
  ]

  /// The compiler says so too, as an error of the program.
  package static func lacksRoom(_ words: String) -> Bool {
    [ENOSPC, EDQUOT, EFBIG].contains {
      words.localizedStandardContains(StandardFile.words($0))
    }
  }

  /// Without SwiftPM's progress, `[3/7] Compiling …`, its remarks on files that
  /// the target does not name, its own exit status, and repeats.
  package static func compilerWords(_ text: String) -> String {
    var seen: Set<Substring> = []
    return text.split(separator: "\n", omittingEmptySubsequences: true)
      .filter { line in
        guard line.firstMatch(of: /^\[[0-9]+\/[0-9]+\]/) == nil,
          line.firstMatch(of: /^ +\/[^\/]/) == nil,
          line.firstMatch(of: /^warning: '.*': (found|Invalid)/) == nil,
          !line.hasPrefix("error: ExitCode("),
          !line.hasPrefix("Building for "), !line.hasPrefix("Another instance")
        else { return false }
        return !line.contains(": error: ") || seen.insert(line).inserted
      }
      .joined(separator: "\n")
  }
}
