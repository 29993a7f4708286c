// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Uses of what the libraries mark `@unsafe`.
///
/// The word `unsafe` covers the whole expression behind it. So an answer that
/// may write it before a variable of its own could hide any other use in the
/// same expression: such uses are refused wherever they are written.
enum UnsafeUses {
  /// Declarations that no answer needs, unless its stub names them.
  static let names: Set = [
    "Unmanaged", "utf8Start", "IdentityMemory", "MemoryMappedBus",
    "KernelTables", "startHart", "setTrapHandler", "adopt", "switchContext",
    "setAddressTranslation", "activate",
  ]

  /// Types that answers use, with initialisers that are unsafe.
  private static let types: Set = ["ByteView", "TrapFrame", "FreeMemory"]
  /// The first labels of these initialisers.
  private static let labels: Set = ["at", "addresses"]

  /// - Parameters:
  ///   - tokens: The answer.
  ///   - given: The file as it was handed out.
  /// - Returns: What is against the rules.
  static func problems(
    in tokens: [SwiftToken], given: [SwiftToken]
  ) -> [AnswerRules.Problem] {
    tokens.indices.compactMap { index in
      let rest = tokens[index...].prefix(8).map { name($0) }
      if isUnsafeCall(rest), !isGiven(Array(rest.prefix(3)), given) {
        return (
          tokens[index],
          "this exercise needs no `\(rest[0])(\(rest[2]):)`, which is unsafe"
        )
      }
      if rest[0] == "typealias", !types.isDisjoint(with: rest) {
        return (tokens[index], "an answer may not rename the kernel's types")
      }
      if rest.starts(with: ["KernelMemory", ".", "device"]),
        !isGiven(["KernelMemory", ".", "device"], given)
      {
        return (tokens[index], "this exercise needs no `KernelMemory.device`")
      }
      return nil
    }
  }

  /// `ByteView(at: …)` or `.init(at: …)`, whose type is inferred.
  private static func isUnsafeCall(_ rest: [String]) -> Bool {
    rest.count > 3 && rest[1] == "(" && labels.contains(rest[2])
      && rest[3] == ":" && (types.contains(rest[0]) || rest[0] == "init")
  }

  private static func isGiven(
    _ words: [String], _ given: [SwiftToken]
  ) -> Bool {
    given.indices.contains { index in
      given[index...].prefix(words.count).map { name($0) } == words
    }
  }

  private static func name(_ token: SwiftToken) -> String {
    String(token.text.filter { $0 != "`" })
  }
}
