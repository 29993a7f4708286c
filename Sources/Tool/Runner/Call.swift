// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// An address of the program, in the words of its source.
public struct Call: Equatable, Sendable {
  /// A function, and where in it.
  public struct Frame: Equatable, Sendable {
    /// As Swift writes it: `pick(_:)`.
    public let function: String
    /// The whole path, or nil for code that no file holds.
    public let file: String?
    /// Counts from 1.
    public let line: Int

    /// - Parameters:
    ///   - function: As Swift writes it.
    ///   - file: The whole path, or nil for code that no file holds.
    ///   - line: Counts from 1.
    public init(function: String, file: String?, line: Int) {
      self.function = function
      self.file = file
      self.line = line
    }
  }

  /// Where the hart was.
  public let address: UInt64
  /// Innermost first: a function that the compiler inlined comes before the
  /// one that holds it. Empty for an address outside the program.
  public let frames: [Frame]

  /// - Parameters:
  ///   - address: Where the hart was.
  ///   - frames: What lies there, innermost first.
  public init(address: UInt64, frames: [Frame]) {
    self.address = address
    self.frames = frames
  }
}

extension Call {
  private static let failure = "Swift runtime failure: "

  /// What Swift itself says went wrong: `Index out of bounds`.
  static func cause(of calls: [Call]) -> String? {
    guard let function = calls.first?.frames.first?.function,
      function.hasPrefix(failure)
    else { return nil }
    return String(function.dropFirst(failure.count))
  }

  /// One line for each function, its place in a column of its own.
  static func lines(_ calls: [Call], root: URL) -> [String] {
    let rows = rows(calls, root: root)
    let width = rows.map(\.what.count).filter { $0 < 48 }.max() ?? 0
    return rows.map { row in
      let gap = max(2, width + 2 - row.what.count)
      return row.place.isEmpty
        ? row.what : row.what + String(repeating: " ", count: gap) + row.place
    }
  }

  /// A function that calls itself over and over is told once.
  private static func rows(
    _ calls: [Call], root: URL
  ) -> [(what: String, place: String)] {
    var rows: [(what: String, place: String)] = []
    var place = 0
    while place < calls.count {
      let call = calls[place]
      rows += call.rows(number: place, root: root)
      place += 1
      let repeats = calls[place...].prefix {
        !$0.frames.isEmpty && $0.frames == call.frames
      }.count
      if repeats > 0 { rows.append(("     … and \(repeats) times more", "")) }
      place += repeats
    }
    return rows
  }

  private func rows(
    number: Int, root: URL
  ) -> [(what: String, place: String)] {
    let told = frames.filter { !$0.function.hasPrefix(Self.failure) }
    guard !told.isEmpty else {
      return [("  #\(number) \(hexadecimal)", place(outside: address))]
    }
    return told.enumerated().map { index, frame in
      let start = index == 0 ? "  #\(number) " : "     "
      return (start + frame.function, frame.place(root: root))
    }
  }

  private var hexadecimal: String {
    let digits = String(address, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func place(outside address: UInt64) -> String {
    (Board.memory..<Board.kernel).contains(address)
      ? "in the firmware" : "outside the program"
  }
}

extension Call.Frame {
  fileprivate func place(root: URL) -> String {
    guard let file else { return "(made by the compiler)" }
    let folder = root.path + "/"
    let name =
      file.hasPrefix(folder) ? String(file.dropFirst(folder.count)) : file
    return line > 0 ? "\(name):\(line)" : name
  }
}
