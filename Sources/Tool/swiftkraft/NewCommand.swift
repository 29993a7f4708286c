// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Writes the package of an application outside of the clone.
struct NewCommand: Subcommand {
  static let name = "new"
  static let valued = ["url", "version"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    guard options.words.count == 1, let folder = options.words.first,
      !folder.isEmpty
    else {
      throw Failure(
        "Where shall the application be?",
        advice: "Name one folder that does not exist yet: make new APP=../hello"
      )
    }
    let application = try NewApplication(
      at: URL(filePath: folder), dependingOn: dependency(options), project)
    try application.write()
    print("\(folder): the package of \(application.name).")
    print("Boot it: cd \(folder) && make run")
    return 0
  }

  private func dependency(
    _ options: Options
  ) throws(Failure) -> NewApplication.Dependency {
    guard let url = options.value("url"), !url.isEmpty else {
      guard options.value("version")?.isEmpty ?? true else {
        throw Failure("--version goes with --url, the repository's address.")
      }
      return .clone
    }
    return .repository(url: url, version: options.value("version") ?? "")
  }
}
