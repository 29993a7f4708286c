// SPDX-License-Identifier: BSD-3-Clause

/// What to do about a build that failed. Some words of the compiler or the
/// linker say nothing about the mistake that usually leads to them.
///
///     no such module 'Scheduling'        ─▶ `libraries` in Package.swift
///     undefined symbol: heap_exhausted   ─▶ the library `Allocation`
///     … in -no-allocations mode          ─▶ code that needs no heap
package enum BuildAdvice {
  /// What to do next.
  ///
  /// - Parameter words: What the compiler and the linker said.
  /// - Returns: One sentence or a few.
  package static func next(after words: String) -> String {
    if needsHeap(words) { return withoutHeap }
    if let name = words.firstMatch(of: /no such module '([^']+)'/)?.1 {
      return "If \(name) is a library of Swiftkraft (its Sources/README.md has "
        + "them all), an application adds \"\(name)\" to `libraries` in its "
        + "Package.swift. A chapter has the libraries up to its own."
    }
    if let name = words.firstMatch(of: missingProduct)?.1 {
      return "Swiftkraft has no library \(name): correct `libraries` in "
        + "Package.swift. Swiftkraft's Sources/README.md has their names."
    }
    if lacksHeap(words) {
      return "A heap is missing: an application adds \"Allocation\" to "
        + "`libraries` in its Package.swift, and need not import it. Chapters "
        + "1 to 3 have no heap."
    }
    return "Correct the first error; later ones often follow from it."
  }

  /// Whether the compiler found a use of the heap where there is none. It does
  /// not always say in which file.
  package static func needsHeap(_ words: some StringProtocol) -> Bool {
    words.contains("-no-allocations mode")
  }

  /// What to do then.
  package static let withoutHeap =
    "Something in it needs a heap, which comes in chapter 4: an array literal, "
    + "a class or a String. An array of fixed size, `[7 of StaticString]`, or "
    + "a `switch` needs none."

  private static var missingProduct: Regex<(Substring, Substring)> {
    /product '([^']+)' required by package .* not found in package/
  }

  /// What the kernel, or the compiler, calls to allocate and to release.
  private static let heapSymbols: Set<Substring> = [
    "default_heap_allocate", "heap_exhausted", "malloc", "free",
    "posix_memalign",
  ]

  private static func lacksHeap(_ words: String) -> Bool {
    words.matches(of: /undefined symbol: (\S+)/)
      .contains { heapSymbols.contains($0.1) }
  }
}
