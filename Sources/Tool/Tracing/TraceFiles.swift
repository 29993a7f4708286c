// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Where a trace is kept: as it was printed, as a drawing, and for programs
/// that show traces.
public struct TraceFiles {
  private let folder: URL
  private let name: String

  /// - Parameters:
  ///   - name: The image.
  ///   - folder: Made if it is not there.
  public init(of name: String, in folder: URL) {
    self.name = name
    self.folder = folder
  }

  /// Everything that the machine printed.
  public var log: URL { file("log") }
  /// The chart.
  public var drawing: URL { file("svg") }
  /// For ui.perfetto.dev and chrome://tracing.
  public var events: URL { file("json") }

  private func file(_ kind: String) -> URL {
    folder.appending(path: "\(name).\(kind)")
  }

  /// What an earlier run has left would mislead.
  public func remove() {
    for file in [log, drawing, events] {
      try? FileManager.default.removeItem(at: file)
    }
  }

  /// Keeps what was printed.
  public func write(_ transcript: Transcript) throws {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    try transcript.bytes.write(to: log)
  }

  /// Keeps the trace as a drawing and for other programs.
  public func write(_ trace: Trace) throws {
    try Data(TraceChart(trace, title: name).svg().utf8).write(to: drawing)
    try TraceEventFile(trace).data().write(to: events)
  }
}

extension Trace {
  /// For a terminal.
  ///
  /// - Parameter style: Whether to use colours.
  /// - Returns: A table for each scheduler, and what is missing or odd.
  public func lines(style: Style) -> [String] {
    TraceTable(self, style: style).lines()
  }
}
