// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// What a file declares for others to use.
///
/// An answer's public names are in reach of its checks. One that the exercise
/// does not ask for, such as an `==` of numbers that is always true, could
/// decide what the checks find.
struct PublicNames {
  /// A declaration in a form that can be compared: where it stands, what it is
  /// called, and the labels and types of its parameters.
  struct Declaration: Hashable {
    let text: String
    let line: Int
    let column: Int

    static func == (one: Self, other: Self) -> Bool { one.text == other.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
  }

  private(set) var declarations: [Declaration] = []

  private let tokens: [SwiftToken]
  /// The type or extension that each brace belongs to.
  private var containers: [String?] = []
  private var nextContainer: String?

  private static let types: Set = [
    "struct", "enum", "class", "extension", "protocol", "actor",
  ]
  private static let kinds: Set = types.union([
    "func", "var", "let", "init", "subscript", "typealias", "case", "operator",
    "precedencegroup", "macro", "associatedtype", "import",
  ])

  init(of tokens: [SwiftToken]) {
    self.tokens = tokens
    for index in tokens.indices {
      follow(index)
      let token = tokens[index]
      guard token.kind == .word,
        ["public", "open", "package"].contains(token.text),
        index == 0 || !tokens[index - 1].is(".")
      else { continue }
      declarations.append(
        Declaration(
          text: declaration(after: index), line: token.line,
          column: token.column))
    }
  }

  /// Keeps track of what the braces are about.
  private mutating func follow(_ index: Int) {
    let token = tokens[index]
    if token.kind == .word, Self.types.contains(token.text),
      index == 0 || !tokens[index - 1].is("."), index + 1 < tokens.count,
      tokens[index + 1].kind != .sign
    {
      nextContainer = name(at: index + 1)
    } else if token.is("{") {
      containers.append(nextContainer)
      nextContainer = nil
    } else if token.is("}") {
      _ = containers.popLast()
    }
  }

  /// A name with dots.
  private func name(at index: Int) -> String {
    var name = tokens[index].text
    var next = index + 1
    while next + 1 < tokens.count, tokens[next].is(".") {
      name += "." + tokens[next + 1].text
      next += 2
    }
    return name
  }

  private func declaration(after start: Int) -> String {
    let container = containers.compactMap(\.self).last.map { $0 + "." } ?? ""
    guard
      let index = tokens[(start + 1)...].firstIndex(where: {
        $0.kind == .word && Self.kinds.contains($0.text)
      }), index - start < 16
    else { return container + "?" }
    let kind = tokens[index].text
    switch kind {
    // `class func` and `class var` are members, not classes.
    case "class"
    where tokens.indices.contains(index + 1)
      && ["func", "var"].contains(tokens[index + 1].text):
      return declaration(after: index)
    case "func": return container + called(index + 1) + parameters(index + 2)
    case "init", "subscript": return container + kind + parameters(index + 1)
    case "var", "let": return container + called(index + 1)
    default: return container + kind + " " + called(index + 1)
    }
  }

  /// How much deeper a token leads; `>>?` leads out of two brackets.
  private static func steps(_ token: SwiftToken) -> Int {
    guard token.kind == .sign, let first = token.text.first else { return 0 }
    switch first {
    case "(", "[": return 1
    case ")", "]": return -1
    case "<": return token.text.prefix { $0 == "<" }.count
    case ">": return -token.text.prefix { $0 == ">" }.count
    default: return 0
    }
  }

  private func called(_ index: Int) -> String {
    tokens.indices.contains(index) ? name(at: index) : "?"
  }

  /// `(size:UInt64,_:Int)`: labels and types.
  private func parameters(_ start: Int) -> String {
    guard start < tokens.count,
      let open = tokens[start...].firstIndex(where: { $0.is("(") })
    else { return "" }
    var (depth, text, isName, words) = (0, "", true, 0)
    for token in tokens[open...] {
      depth += Self.steps(token)
      if depth == 0 { return text + ")" }
      if depth == 1, token.is(",") || token.is("(") {
        (isName, words) = (true, 0)
      } else if isName, token.is(":") {
        isName = false
      } else if isName {
        words += 1
        // The second name is the function's own business.
        if words > 1 { continue }
      }
      text += token.text
    }
    return text
  }
}
