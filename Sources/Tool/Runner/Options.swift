// SPDX-License-Identifier: BSD-3-Clause

/// The words after a command, sorted into options and the rest.
public struct Options: Equatable, Sendable {
  /// Words that belong to no option, such as an image's name.
  public private(set) var words: [String] = []

  private var values: [String: [String]] = [:]
  private var flags: Set<String> = []

  /// - Parameters:
  ///   - arguments: As typed: `--timeout 5`, `--timeout=5`, `--no-build`.
  ///   - valued: The options that take a value, without dashes.
  ///   - known: Those that do not.
  /// - Throws: ``Failure`` for one that is neither.
  public init(
    _ arguments: [String], valued: [String] = [], flags known: [String] = []
  ) throws(Failure) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        words.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false
      ).map(String.init)
      if known.contains(parts[0]), parts.count == 1 {
        flags.insert(parts[0])
        continue
      }
      guard valued.contains(parts[0]) else {
        throw Self.unknown(word, valued, known)
      }
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
        throw Failure("\(word) needs a value.")
      }
      values[parts[0], default: []].append(value)
    }
  }

  /// The last value of an option; its name without dashes.
  public func value(_ name: String) -> String? { values[name]?.last }

  /// All values of an option, in the order in which they were given.
  public func all(_ name: String) -> [String] { values[name] ?? [] }

  /// Whether an option without a value was given.
  public func has(_ name: String) -> Bool { flags.contains(name) }

  /// The last value of an option that takes a number.
  ///
  /// - Parameter name: Without dashes.
  /// - Returns: Nil if it was not given.
  /// - Throws: ``Failure`` if the value is no number, or a negative one.
  public func number(_ name: String) throws(Failure) -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw Failure("--\(name) takes a number; `\(text)` is none.")
    }
    return number
  }

  private static func unknown(
    _ word: String, _ valued: [String], _ flags: [String]
  ) -> Failure {
    let known = (valued + flags).map { "--\($0)" }.joined(separator: ", ")
    return Failure(
      "There is no option \(word).",
      advice: known.isEmpty ? "There is none here." : "There are \(known).")
  }
}
