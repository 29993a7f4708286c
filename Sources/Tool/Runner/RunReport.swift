// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Words for a terminal, a log or a test.
public struct Report {
  private let root: URL
  private let style: Style
  private let isOfApplication: Bool

  /// - Parameters:
  ///   - root: Files below it are named from there.
  ///   - style: Whether to use colours.
  ///   - isOfApplication: Whether it advises commands of an application's
  ///     Makefile, in place of a chapter's.
  public init(root: URL, style: Style, isOfApplication: Bool = false) {
    self.root = root
    self.style = style
    self.isOfApplication = isOfApplication
  }

  /// A diagnosis: what happened, what there is to see, what to do next.
  ///
  ///     ✗ ch1: The program did not end within 30 s.
  ///
  ///       …
  ///
  ///       Next: …
  ///       Log:  .build/logs/…
  ///
  /// - Parameters:
  ///   - diagnosis: What is wrong.
  ///   - name: The image.
  ///   - log: Where the whole output is kept.
  /// - Returns: Lines for the terminal.
  public func text(
    _ diagnosis: Diagnosis, of name: String, log: URL? = nil
  ) -> String {
    let first =
      style.mark("✗", Style.red) + " " + name + ": "
      + style.mark(diagnosis.statement, Style.bold)
    let details = diagnosis.details(root: root)
    var lines = [first] + (details.isEmpty ? [] : [""] + details.map(indented))
    lines += [""] + wrapped(advice(diagnosis), after: "  Next: ")
    if let log { lines.append("  Log:  " + short(log)) }
    return lines.joined(separator: "\n")
  }

  /// Anything else that stops the tool.
  ///
  /// - Parameter failure: What is wrong.
  /// - Returns: Lines for the terminal.
  public func text(_ failure: Failure) -> String {
    let first =
      style.mark("✗", Style.red) + " "
      + style.mark(failure.statement, Style.bold)
    guard !failure.advice.isEmpty else { return first }
    return ([first] + wrapped(failure.advice, after: "  Next: "))
      .joined(separator: "\n")
  }

  /// A path, from the root where it lies below it.
  ///
  /// - Parameter path: The whole path.
  /// - Returns: What is short enough to read.
  public func short(_ path: URL) -> String {
    let folder = root.path + "/"
    guard path.path.hasPrefix(folder) else { return path.path }
    return String(path.path.dropFirst(folder.count))
  }

  private func advice(_ diagnosis: Diagnosis) -> String {
    isOfApplication
      ? diagnosis.advice.replacing("make debug-chN", with: "make debug")
      : diagnosis.advice
  }

  private func indented(_ line: String) -> String {
    line.isEmpty ? "" : "  " + line
  }

  /// At most 79 columns wide.
  private func wrapped(_ text: String, after start: String) -> [String] {
    var lines = [start]
    let space = String(repeating: " ", count: start.count)
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.count + word.count > 78, line != start, line != space {
        lines.append(space + word + " ")
      } else {
        lines[lines.count - 1] += word + " "
      }
    }
    return lines.map { String($0.dropLast()) }
  }
}
