// SPDX-License-Identifier: BSD-3-Clause

/// The version of a program, read from what it prints about itself.
public struct ToolVersion: Equatable, Comparable, Sendable {
  /// Most significant first: 7, 2, 22.
  public let parts: [Int]

  /// - Parameter parts: Most significant first.
  public init(_ parts: Int...) { self.parts = parts }

  /// Takes the first thing that looks like a version: numbers joined by dots.
  ///
  /// - Parameter text: What the program prints for `--version`.
  public init?(in text: String) {
    guard let match = text.firstMatch(of: /[0-9]+(?:\.[0-9]+)+/) else {
      return nil
    }
    parts = match.output.split(separator: ".").compactMap { Int($0) }
  }

  /// The older of two versions is the lesser; 7.0 and 7 are the same.
  public static func < (older: ToolVersion, newer: ToolVersion) -> Bool {
    older.significant.lexicographicallyPrecedes(newer.significant)
  }

  /// Whether neither is older.
  public static func == (one: ToolVersion, other: ToolVersion) -> Bool {
    one.significant == other.significant
  }

  private var significant: [Int] {
    Array(parts.reversed().drop { $0 == 0 }.reversed())
  }
}

extension ToolVersion: CustomStringConvertible {
  /// As the program writes it: `7.2.22`.
  public var description: String {
    parts.map(String.init).joined(separator: ".")
  }
}
