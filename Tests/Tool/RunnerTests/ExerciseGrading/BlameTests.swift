// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import ExerciseGrading
@testable import Runner

@Suite struct `The compiler's complaints` {
  let own = "chapters/ch1-boot/Exercises/Sizes.swift:3:5: error: no"
  let checks =
    "Tests/Exercises/Ch1Checks/Sizes/SizesChecks.swift:9:1: error: no `f`"

  func blame(_ lines: String...) -> Blame {
    Blame(
      lines.joined(separator: "\n"),
      answer: "chapters/ch1-boot/Exercises/Sizes.swift")
  }

  @Test func `about an answer are its own`() {
    #expect(blame("a.swift:1:1: note: a", own) == .answer([own]))
  }

  @Test func `about missing names are told where they are called`() {
    #expect(blame(checks) == .answer([checks]))
  }

  @Test func `about an answer come before those of its checks`() {
    #expect(blame(checks, own) == .answer([own]))
  }

  @Test(arguments: [
    "Sources/Machine/Hart/CSR.swift:1:1: error: no", "",
    "chapters/ch1-boot/Exercises/Sizes.swift.orig:1:1: error: no",
    "chapters/ch1-boot/Exercises/Sizes.swift:3:5: warning: hm",
    "error: 'main': invalid manifest",
  ])
  func `about anything else are the course's`(line: String) {
    #expect(blame(line) == .course)
  }

  @Test func `about the course are not the answer's, whatever follows`() {
    #expect(
      blame("Sources/Machine/Hart/CSR.swift:1:1: error: no", own) == .course)
  }

  @Test func `of the linker are told with the reason and what to do`() {
    let name = "error: undefined symbol: __lshrti3"
    let found = blame("ld.lld: \(name)", ">>> referenced by x", name)
    guard case .link(let words) = found else {
      Issue.record("\(found)")
      return
    }
    #expect(words[0] == "It does not link: `__lshrti3` is not in the kernel.")
    #expect(words[1].contains("128 bits"))
    #expect(words.count == 2)
  }

  @Test(arguments: [
    ("posix_memalign", "no heap"), ("__adddf3", "floating-point"),
    ("something", "Leave out"),
  ])
  func `of the linker have advice`(symbol: String, words: String) {
    #expect(LinkTrouble.words(for: [symbol])[1].contains(words))
  }

  @Test func `about a heap, without a file, are the answer's`() {
    let name =
      "<unknown>:0: error: cannot use allocating type 'A' in "
      + "-no-allocations mode"
    guard case .answer(let words) = blame(name) else {
      Issue.record("\(blame(name))")
      return
    }
    #expect(words[0] == name)
    #expect(words[1].contains("needs a heap"))
  }

  @Test func `of a compiler that does not end are the answer's`() {
    let words = "error: the compiler did not come to an end"
    #expect(blame(words) == .answer([words]))
  }
}
