// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Runner

@Suite struct `The advice for a build that failed` {
  @Test(arguments: [
    (
      "main.swift:3:8: error: no such module 'Scheduling'",
      ["Scheduling", "Sources/README.md", "`libraries`"]
    ),
    (
      "error: product 'Scheduler' required by package 'app' target 'app' "
        + "not found in package 'swiftkraft'.",
      ["no library Scheduler", "`libraries`"]
    ),
    (
      "ld.lld: error: undefined symbol: default_heap_allocate",
      ["\"Allocation\"", "`libraries`"]
    ),
    ("error: undefined symbol: free", ["\"Allocation\""]),
    (
      "<unknown>:0: error: cannot use allocating type '__Storage' in "
        + "-no-allocations mode",
      ["chapter 4", "an array literal", "[7 of StaticString]"]
    ),
  ])
  func `names the mistake behind the words`(words: String, parts: [String]) {
    let advice = Diagnosis.buildFailed("ch1", words: words).advice
    for part in parts { #expect(advice.contains(part), "\(advice)") }
  }

  @Test(arguments: [
    "a.swift:1:1: error: no", "error: undefined symbol: freeze", "",
  ])
  func `is to take the first error first, otherwise`(words: String) {
    let advice = Diagnosis.buildFailed("ch1", words: words).advice
    #expect(advice.hasPrefix("Correct the first error"))
  }
}
