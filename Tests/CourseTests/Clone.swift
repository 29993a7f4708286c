// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Testing

/// The clone that the tests were built from, and what lies in it.
struct Clone {
  let root: URL
  let table: CourseTable

  /// Whether the course's own answers are here: a class does not get them.
  static var hasAnswers: Bool {
    Clone().holds("chapters/ch1-boot/Solutions")
  }

  init() {
    root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    do {
      table = try Project(root: root).table
    } catch {
      fatalError("\(error)")
    }
  }

  /// Whether there is such a file or folder.
  func holds(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// The names of the folders in `folder`.
  func folders(in folder: String) throws -> Set<String> {
    let urls = try FileManager.default.contentsOfDirectory(
      at: root.appending(path: folder),
      includingPropertiesForKeys: [.isDirectoryKey])
    let isFolder = { (url: URL) in
      (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
    }
    return Set(urls.filter(isFolder).map(\.lastPathComponent))
  }

  /// All files below `folder` with one of these endings, seen from the root.
  func files(in folder: String, endingIn endings: [String]) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(
      atPath: root.appending(path: folder).path)
    return
      names
      .filter { endings.contains(URL(filePath: $0).pathExtension) }
      .map { "\(folder)/\($0)" }
      .sorted()
  }

  /// The text of a file.
  func text(of file: String) throws -> String {
    try String(contentsOf: root.appending(path: file), encoding: .utf8)
  }

  /// The lines of a Swift file that are neither empty nor all comment, without
  /// what stands behind a `//`.
  func code(of file: String) throws -> [String] {
    try text(of: file).split(separator: "\n")
      .map { line in
        (line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line)
          .trimmingCharacters(in: .whitespaces)
      }
      .filter { !$0.isEmpty }
  }

  /// The modules that the Swift files below `folder` import.
  func imports(of folder: String) throws -> Set<String> {
    var modules: Set<String> = []
    for file in try files(in: folder, endingIn: ["swift"]) {
      for line in try code(of: file) {
        let words = line.split(separator: " ").map(String.init)
        guard let position = words.firstIndex(of: "import"),
          words[..<position].allSatisfy({ $0.hasPrefix("@") || $0 == "public" })
        else { continue }
        modules.formUnion(words.suffix(1).map { "\($0.prefix { $0 != "." })" })
      }
    }
    return modules
  }
}
