// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Shows a run as it happens. On a terminal the firmware's own words are
/// dimmed, so that the kernel's stand out.
public struct Screen {
  private let output: Output
  private let style: Style
  private var isDim = false
  private var filter: TraceFilter?

  /// - Parameters:
  ///   - output: What to write to.
  ///   - style: Whether to dim.
  ///   - hidesTrace: Whether to leave out the lines of a trace.
  public init(
    _ output: Output = .standard, style: Style,
    hidesTrace: Bool = false
  ) {
    self.output = output
    self.style = style
    filter = hidesTrace ? TraceFilter() : nil
  }

  /// Shows what was printed last.
  ///
  /// - Parameters:
  ///   - data: What was printed last.
  ///   - transcript: Everything, with it.
  /// - Returns: False if it cannot be shown any more: its reader is gone, or
  ///   the disk is full.
  mutating func show(_ data: Data, of transcript: Transcript) -> Bool {
    guard style.hasColour else { return write(visible(data)) }
    // How much of it still belongs to the firmware.
    let before = transcript.bytes.count - data.count
    let end = transcript.kernelStart ?? transcript.bytes.count
    let firmware = data.prefix(max(0, end - before))
    let kernel = data.dropFirst(firmware.count)
    var shown = Data()
    if !firmware.isEmpty, !isDim { shown += Data(Style.dim.utf8) }
    isDim = isDim || !firmware.isEmpty
    shown += firmware
    if isDim, transcript.kernelStart != nil {
      shown += Data(Style.normal.utf8)
      isDim = false
    }
    return write(shown + visible(kernel))
  }

  /// Leaves the terminal as it was.
  mutating func finish() {
    if let rest = filter?.rest() { _ = write(rest) }
    if isDim { _ = write(Data(Style.normal.utf8)) }
    isDim = false
  }

  private mutating func visible(_ data: Data) -> Data {
    filter?.shown(of: data) ?? data
  }

  private func write(_ data: Data) -> Bool { output.write(data) }
}

/// Whether what is printed may carry colours.
public struct Style: Sendable {
  package static let dim = "\u{1B}[2m"
  static let normal = "\u{1B}[0m"
  package static let bold = "\u{1B}[1m"
  package static let red = "\u{1B}[31m"

  /// Whether it may.
  public let hasColour: Bool

  /// - Parameter hasColour: Whether it may.
  public init(hasColour: Bool) { self.hasColour = hasColour }

  /// Colours for a terminal, unless `NO_COLOR` is set (https://no-color.org).
  ///
  /// - Parameters:
  ///   - file: What will be printed to.
  ///   - environment: Where to look for the variable.
  public init(
    for file: FileHandle,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    hasColour =
      isatty(file.fileDescriptor) == 1
      && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["TERM"] != "dumb"
  }

  package func mark(_ text: String, _ code: String) -> String {
    hasColour ? code + text + Self.normal : text
  }
}
