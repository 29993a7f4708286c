// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import ExerciseGrading
@testable import Runner

/// The rules of exercise 1.2 in a made-up course.
private struct Rules {
  static let stub = """
    import Hart
    import Todo

    public enum PortError: Error, Equatable { case dead }

    public struct Port<Bus: RegisterBus>: ByteDevice {
      nonisolated(unsafe) static var count = 0
      public private(set) var lost = 0
      public init(bus: Bus, timeout: Int) {}
      public mutating func send(_ byte: UInt8) throws(PortError) {
        todo("1.2")
      }
    }

    """

  let rules: AnswerRules

  init() throws {
    let clone = try MadeUpClone()
    rules = AnswerRules(
      clone.exercises[1], in: clone.project.table, stub: Self.stub)
  }

  /// What is wrong with the stub and this behind it, without the place.
  func problems(_ more: String) -> [String] {
    rules.problems(in: Self.stub + more, file: "Port.swift").map { line in
      String(line.split(separator: " error: ", maxSplits: 1).last ?? "")
    }
  }
}

@Suite struct `The rules for answers` {
  private let rules: Rules

  init() throws { rules = try Rules() }

  @Test func `allow what was handed out`() {
    #expect(rules.problems("").isEmpty)
  }

  @Test(arguments: [
    "private func help() -> Int { 1 / 2 }",
    "extension Port { func help() {} }",
    "let a = \"import Glibc\"; let b = #\"unsafe \"quoted\" @c\"#",
    "// import Glibc\n/* unsafe /* @c */ public func f() {} */",
    "let text = \"\"\"\n  import Glibc \"\" unsafe\n  \"\"\"",
    "let s = \"a \\(1 + 2) b\"", "let quote = #\"\"\"#", "let x = a/b/c",
    "func f() { x.public(); y.import() }", "let `import` = 1",
    "final class A: @unchecked Sendable {}", "@inline(never) func f() {}",
    "@section(\".init_table.4.50\") @used\nlet e: InitEntry = (a, b)",
    "nonisolated(unsafe) var n = 0\nfunc f() { unsafe n += 1 }",
    "import Synchronization", "import struct Hart.Thing",
    "let view = ByteView(\"text\")", "let n = view.native64(at: 8)",
  ])
  func `allow`(code: String) {
    #expect(rules.problems(code) == [])
  }

  /// Each a way to a better grade than the answer deserves.
  @Test(arguments: [
    // What grades, or the system.
    "import Grading", "import Glibc", "import func Glibc.exit",
    "import CHart", "import Foundation", "let a = 1; import Darwin",
    "@_exported import Grading", "@testable import Hart",
    "#if !arch(riscv64)\n  import Glibc\n#endif", "import\n  Glibc",
    "/* */import/**/Glibc", "let s = \"\\({ import Glibc }())\"",
    // Functions of the system without an import.
    "@_silgen_name(\"fork\") func f() -> Int32",
    "@_extern(c, \"exit\") func e(_: Int32)", "@c(memcmp) func m() {}",
    "@_cdecl(\"write\") func w() {}",
    "@_dynamicReplacement(for: g) func h() {}",
    "@section(\".init_table.0.00\") @used\nlet e: InitEntry = (a, b)",
    // Memory.
    "let p = unsafe UnsafeRawPointer(bitPattern: 5)",
    "func f(_ p: UnsafePointer<Int>) {}", "let c = \"a\".utf8Start",
    "func f() { unsafe g() }", "withUnsafeBytes(of: 1) { _ in }",
    "unowned(unsafe) var x: A", "let m = Unmanaged.passRetained(a)",
    "let m = `unsafeBitCast`(1, to: Int.self)",
    // What `unsafe` before a variable would cover as well.
    "nonisolated(unsafe) var n = 0; var l = 1\n"
      + "let v = unsafe n == 0 ? ByteView(at: &l, count: 9) : ByteView(\"\")",
    "let v: ByteView = .init(at: &l, count: 9)",
    "let v = ByteView.init(\n  at: &l, count: 9)",
    "typealias V = Hart.ByteView",
    "let v = `ByteView`(at: &l, count: 9)",
    "let m = FreeMemory(addresses: 0..<9)", "let t = KernelTables()",
    "let b = KernelMemory.device(r)", "Hart.setAddressTranslation(0)",
    // Names that the checks would use.
    "public func == (a: UInt64?, b: UInt64?) -> Bool { true }",
    "extension UInt64 {\n  public static func == (a: Self, b: Self) -> Bool {\n"
      + "    true\n  }\n}",
    "public struct Report {}", "open class Grader {}",
    "package func line() {}",
    "public extension Bool { var toggled: Bool { true } }",
    "extension Port { public mutating func send(_ text: String) {} }",
    "extension UInt64 { public init(bus: Int, timeout: Int) { self = 1 } }",
    "public typealias Bool = Int", "@frozen public enum A {}",
    // What hides code from a reader of tokens.
    "let r = /\"/; import Glibc //\"", "let r = #/\"/#; import Glibc //\"",
    "let a = #\"\"\"#; import Glibc; let b = #\"\"\"#",
    "let a = \"\\\"\"; import Glibc; let b = \"\"",
    "let a = \"\"\"\n\\\"\"\"\n\"\"\"; import Glibc",
    "// x\rimport Glibc",
  ])
  func `refuse`(code: String) {
    #expect(rules.problems(code) != [])
  }

  @Test func `say where, what and what is allowed`() throws {
    let lines = rules.rules.problems(
      in: "import Hart\n  import Glibc\n", file: "Port.swift")
    #expect(
      lines == [
        "Port.swift:2:3: error: an answer to this exercise may import Hart, "
          + "Synchronization, Todo, not Glibc"
      ])
  }

  @Test func `say which name is too many`() {
    #expect(
      rules.problems("public func help(_ a: Int, to b: [Int]) {}") == [
        "the exercise asks for no public help(_:Int,to:[Int]); if it is part of "
          + "your answer, leave out `public`"
      ])
  }

  @Test func `let a parameter have another name, and a property a body`() throws
  {
    let answer = Rules.stub
      .replacing("send(_ byte: UInt8)", with: "send(_ b: UInt8)")
      .replacing(
        "public private(set) var lost = 0", with: "public var lost: Int { 0 }")
    #expect(rules.rules.problems(in: answer, file: "x").isEmpty)
  }
}

/// The course's own answers, right and wrong, keep to the rules.
@Suite struct `The rules in this course` {
  @Test func `are kept by every answer that it has`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let project = try Project(root: root)
    for exercise in project.table.exercises {
      let files = try ExerciseFiles(exercise, in: project)
      let rules = AnswerRules(
        exercise, in: project.table, stub: try files.stub())
      let all =
        [files.own] + (files.hasSolution ? [files.solution] : [])
        + (0..<files.mutantCount).map { files.mutant($0 + 1) }
      for file in all {
        let problems = rules.problems(
          in: try ExerciseFiles.text(of: file), file: file.lastPathComponent)
        #expect(problems == [])
      }
    }
  }
}
