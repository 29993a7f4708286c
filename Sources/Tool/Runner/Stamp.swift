// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Remembers which files something was built from, to know in milliseconds
/// that nothing has changed; SwiftPM takes a second to say so.
package struct Stamp {
  private let file: URL
  private let text: String

  /// - Parameters:
  ///   - file: Where the stamp is kept.
  ///   - inputs: The files and folders that count, as they are now. A folder
  ///     counts with all that it holds.
  package init(file: URL, of inputs: [URL]) {
    self.file = file
    text = inputs.flatMap(Self.lines).sorted().joined(separator: "\n")
  }

  /// Whether the inputs are as they were when the stamp was written.
  package var isFresh: Bool {
    (try? String(contentsOf: file, encoding: .utf8)) == text
  }

  /// Without a stamp the next build only takes longer.
  package func write() {
    try? text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// What a program for the board is made from.
  package static func inputs(of project: Project, program: URL) -> [URL] {
    let parts =
      project.table.libraries.map(\.folder) + ["Package.swift", "Tests/Todo"]
    return parts.map { project.root.appending(path: $0) } + [program]
  }

  private static func lines(_ input: URL) -> [String] {
    let manager = FileManager.default
    let inside = manager.enumerator(atPath: input.path)?
      .compactMap { $0 as? String }
      .map { "\(input.path)/\($0)" }
    return ([input.path] + (inside ?? [])).map { path in
      let about = try? manager.attributesOfItem(atPath: path)
      let date = about?[.modificationDate] as? Date
      let size = about?[.size] as? Int
      return "\(path) \(size ?? -1) \(date?.timeIntervalSince1970 ?? 0)"
    }
  }
}
