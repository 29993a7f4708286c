// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// A program in a package of its own, outside of the clone, that depends on
/// Swiftkraft by path, or by URL and version.
public struct Application: Equatable, Sendable {
  /// The folder that holds its `Package.swift`.
  public let folder: URL
  /// The programs that the package has, in the manifest's order.
  public let programs: [String]

  /// Nil for a package that does not speak of Swiftkraft.
  ///
  /// - Parameters:
  ///   - folder: The package's folder.
  ///   - manifest: The text of its `Package.swift`.
  init?(in folder: URL, manifest: String) {
    guard manifest.localizedCaseInsensitiveContains("swiftkraft") else {
      return nil
    }
    self.folder = folder
    programs = manifest.matches(
      of: /\.executableTarget\(\s*name:\s*"([^"]+)"/
    ).map { String($0.1) }
  }

  /// The program that a command means.
  ///
  /// - Parameter words: The names that were typed; none for the only program.
  /// - Returns: Its name, which is also that of its image.
  /// - Throws: ``Failure`` if there is none, or more than one.
  public func program(named words: [String]) throws(Failure) -> String {
    guard !programs.isEmpty else {
      throw Failure(
        "\(folder.path)/Package.swift has no program.",
        advice: "It needs an .executableTarget(name: \"…\", …).")
    }
    guard words.count < 2, let name = words.first ?? programs.first,
      words.count == 1 || programs.count == 1
    else {
      throw Failure(
        words.isEmpty ? "Which program?" : "One program at a time.",
        advice: "Package.swift has these: \(list).")
    }
    guard programs.contains(name) else {
      throw Failure(
        "There is no program \(name) in \(folder.path).",
        advice: "Package.swift has \(list). Chapters boot from Swiftkraft's "
          + "own folder.")
    }
    return name
  }

  private var list: String { programs.joined(separator: ", ") }
}
