// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Whether an answer is why a program was not built, and in which words.
///
///     chapters/…/Exercises/Sizes.swift:9:1: error: …  ─▶ its own mistake
///     Tests/Exercises/…/SizesChecks.swift:5:3: error: ─▶ it does not have
///                                               what the checks call
///     <unknown>:0: error: … in -no-allocations mode   ─▶ it needs a heap
///     error: undefined symbol: __lshrti3              ─▶ it needs what is
///                                               not in the kernel
///     Sources/Machine/Hart/CSR.swift:3:1: error: …            ─▶ the course itself
enum Blame: Equatable {
  /// What the compiler said of the answer, or of what calls it.
  case answer([String])
  /// The answer compiles, and does not link: with why, and what to do.
  case link([String])
  /// Something else does not compile.
  case course

  /// - Parameters:
  ///   - words: What the compiler and the linker said, seen from the clone's
  ///     root.
  ///   - answer: The path of the answer's file, seen from there.
  init(_ words: String, answer: String) {
    let errors = words.split(whereSeparator: \.isNewline).map(String.init)
      .filter { $0.contains("error: ") }
    let own = errors.filter { $0.hasPrefix(answer + ":") }
    let checks = errors.filter { $0.hasPrefix("Tests/Exercises/") }
    let symbols = errors.compactMap(Self.symbol)
    if errors.contains(where: { $0.hasPrefix("Sources/") }) {
      self = .course
    } else if !own.isEmpty || !checks.isEmpty {
      self = .answer(own.isEmpty ? checks : own)
    } else if !symbols.isEmpty {
      self = .link(LinkTrouble.words(for: symbols))
    } else if let heap = errors.first(where: BuildAdvice.needsHeap) {
      self = .answer([heap, BuildAdvice.withoutHeap])
    } else if errors.contains(where: { $0.hasSuffix("come to an end") }) {
      self = .answer(errors)
    } else {
      self = .course
    }
  }

  /// The name in `ld.lld: error: undefined symbol: NAME`, or in `undefined
  /// reference to `NAME'`.
  private static func symbol(_ error: String) -> String? {
    error.firstMatch(of: /undefined symbol: (.+)$/)
      .map { String($0.1).trimmingCharacters(in: .whitespaces) }
      ?? error.firstMatch(of: /undefined reference to [`'](.+)'/)
      .map { String($0.1) }
  }
}

/// What a name that the linker misses means, in words.
enum LinkTrouble {
  /// Why an answer does not link, and what to do.
  static func words(for symbols: [String]) -> [String] {
    var lines: [String] = []
    for symbol in symbols where !lines.contains(where: { $0.contains(symbol) })
    {
      lines.append("It does not link: `\(symbol)` is not in the kernel.")
      lines.append(advice(for: symbol))
    }
    return lines
  }

  private static func advice(for symbol: String) -> String {
    switch symbol {
    case _ where symbol.hasPrefix("__") && symbol.contains("ti"):
      "The compiler calls it for numbers of 128 bits: do without "
        + "`multipliedFullWidth`, `dividingFullWidth` and `UInt128`."
    case _ where symbol.hasPrefix("__") && symbol.contains(/[sd]f/):
      "The compiler calls it for floating-point numbers: use integers."
    case "posix_memalign", "free", "swift_allocObject", "malloc":
      "There is no heap in this chapter: do without arrays, strings, classes "
        + "and closures that are kept."
    case _ where symbol.contains("unicode") || symbol.contains("Unicode"):
      "It is for comparing and searching strings: work on bytes instead."
    default:
      "Leave out what needs it; `make run-chN EXERCISES=mine` says the same."
    }
  }
}
