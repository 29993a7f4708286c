// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// What an answer may do: solve its exercise, with the libraries of its
/// chapter.
///
/// An answer runs in the same program as its checks. These rules keep it from
/// reaching what grades it: by unsafe memory, by functions of the system, by
/// names that the checks would use instead of their own. They look at the
/// tokens, so that a comment or a text may say anything.
struct AnswerRules {
  /// The file as it was handed out: what it does is allowed.
  let stub: String
  /// The modules that may be imported.
  let modules: Set<String>

  private static let attributes: Set = [
    "Sendable", "autoclosure", "available", "discardableResult", "escaping",
    "frozen", "inlinable", "inline", "retroactive", "unchecked", "unknown",
    "usableFromInline", "used",
  ]

  /// - Parameters:
  ///   - exercise: The one that is answered.
  ///   - table: The libraries.
  ///   - stub: Its file as it was handed out.
  init(_ exercise: Exercise, in table: CourseTable, stub: String) {
    self.stub = stub
    modules = Set(
      table.libraries.filter { $0.chapter <= exercise.chapter }.map(\.name)
        .filter { $0 != "CHart" } + ["Synchronization", "Todo"])
  }

  /// What is against the rules, in the compiler's form: `file:line:column:
  /// error: words`.
  ///
  /// - Parameters:
  ///   - text: The answer.
  ///   - file: What it is called.
  /// - Returns: Nothing if all is well.
  func problems(in text: String, file: String) -> [String] {
    let tokens = SwiftTokens.of(text)
    let given = SwiftTokens.of(stub)
    var all = imports(tokens) + attributes(tokens, given)
    all += unsafety(tokens, given)
    all += UnsafeUses.problems(in: tokens, given: given)
    all += names(tokens, given) + expressions(tokens)
    return
      all
      .sorted { $0.token.place < $1.token.place }
      .map { token, words in
        "\(file):\(token.line):\(token.column): error: \(words)"
      }
  }

  typealias Problem = (token: SwiftToken, words: String)

  // MARK: - Imports

  private func imports(_ tokens: [SwiftToken]) -> [Problem] {
    let kinds: Set = [
      "typealias", "struct", "class", "enum", "protocol", "let", "var", "func",
    ]
    return tokens.indices.compactMap { index in
      guard tokens[index].is("import"), index == 0 || !tokens[index - 1].is(".")
      else { return nil }
      let rest = tokens[(index + 1)...].drop { kinds.contains($0.text) }
      guard let module = rest.first, !modules.contains(module.text) else {
        return nil
      }
      let known = modules.sorted().joined(separator: ", ")
      return (
        tokens[index],
        "an answer to this exercise may import \(known), not \(module.text)"
      )
    }
  }

  // MARK: - Attributes

  private func attributes(
    _ tokens: [SwiftToken], _ given: [SwiftToken]
  ) -> [Problem] {
    let allowed = Self.attributes.union(
      given.indices.dropLast().filter { given[$0].is("@") }
        .map { given[$0 + 1].text })
    return tokens.indices.dropLast().compactMap { index in
      guard tokens[index].is("@") else { return nil }
      let name = tokens[index + 1].text
      if allowed.contains(name) || isLateEntry(tokens, at: index) { return nil }
      return (
        tokens[index],
        name == "section"
          ? "`@section` is for entries of the init table, of classes 4 and 5"
          : "the attribute @\(name) has no place in an answer"
      )
    }
  }

  /// `@section(".init_table.4.50")`: an entry that starts after the grader's.
  private func isLateEntry(_ tokens: [SwiftToken], at index: Int) -> Bool {
    guard index + 3 < tokens.count, tokens[index + 1].is("section"),
      tokens[index + 2].is("("), tokens[index + 3].kind == .string
    else { return false }
    let section = tokens[index + 3].text
    return [".init_table.4.", ".init_table.5."].contains {
      section.hasPrefix($0)
    }
  }

  // MARK: - Memory

  private func unsafety(
    _ tokens: [SwiftToken], _ given: [SwiftToken]
  ) -> [Problem] {
    let allowed = Self.marked(given).union(Self.variables(tokens))
    let known = Set(given.map(\.text))
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      guard token.kind == .word || token.kind == .escapedWord else {
        return nil
      }
      if token.is("unsafe") {
        if index > 1, tokens[index - 2].is("nonisolated") { return nil }
        let next = index + 1 < tokens.count ? tokens[index + 1].text : ""
        return allowed.contains(next)
          ? nil : (token, "this exercise needs no `unsafe \(next)`")
      }
      let isUnsafe =
        token.text.contains("nsafe") || UnsafeUses.names.contains(token.text)
      guard isUnsafe, !known.contains(token.text) else { return nil }
      return (token, "this exercise needs no `\(token.text)`")
    }
  }

  /// The names that stand behind `unsafe`.
  private static func marked(_ tokens: [SwiftToken]) -> Set<String> {
    Set(
      tokens.indices.dropLast()
        .filter { tokens[$0].is("unsafe") && tokens[$0 + 1].kind == .word }
        .map { tokens[$0 + 1].text })
  }

  /// The variables that are declared `nonisolated(unsafe)`.
  private static func variables(_ tokens: [SwiftToken]) -> Set<String> {
    Set(
      tokens.indices.filter { tokens[$0].is("nonisolated") }
        .compactMap { start in
          tokens[start...].prefix(8)
            .firstIndex { $0.is("var") || $0.is("let") }
            .flatMap { $0 + 1 < tokens.count ? tokens[$0 + 1].text : nil }
        })
  }

  // MARK: - Names

  private func names(
    _ tokens: [SwiftToken], _ given: [SwiftToken]
  ) -> [Problem] {
    let allowed = Set(PublicNames(of: given).declarations)
    return PublicNames(of: tokens).declarations
      .filter { !allowed.contains($0) }
      .map { declaration in
        (
          SwiftToken(
            kind: .word, text: "public", line: declaration.line,
            column: declaration.column),
          "the exercise asks for no public \(declaration.text); if it is part "
            + "of your answer, leave out `public`"
        )
      }
  }

  private func expressions(_ tokens: [SwiftToken]) -> [Problem] {
    tokens.filter { $0.kind == .regularExpression }.map { token in
      (token, "there are no regular expressions in Embedded Swift")
    }
  }
}

extension SwiftToken {
  fileprivate var place: (Int, Int) { (line, column) }
}
