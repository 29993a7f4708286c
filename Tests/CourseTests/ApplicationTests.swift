// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Publishing
@testable import Runner

/// Programs in packages of their own, outside of the clone.
@Suite(.enabled(if: Clone().holds(".git"), "it is fetched as git does"))
struct ApplicationTests {
  let clone = Clone()
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "swiftkraft-application-\(UUID().uuidString)")

  private func run(
    _ program: String, _ arguments: [String], in path: String = ""
  ) throws -> (succeeded: Bool, text: String) {
    var command = Command(
      URL(filePath: "/usr/bin/env"), [program] + arguments)
    command.folder = folder.appending(path: path)
    // A busy computer is no failure; a `make test` around this is none of it.
    command.environment = [
      "TIMEOUT": "600", "NO_COLOR": "1", "MAKEFLAGS": "", "MAKELEVEL": "",
    ]
    let answer = try command.run(within: 3600)
    return (answer.succeeded, answer.text + answer.complaint)
  }

  /// Publishes this tree's last commit as version 1.0.0, beside the
  /// applications.
  private func publish() throws -> URL {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    let published = folder.appending(path: "swiftkraft")
    let git = try Toolbox().require(.git)
    _ = try Git(root: clone.root, tool: git)
      .run(["clone", "--quiet", ".", published.path])
    _ = try Git(root: published, tool: git).run(["tag", "1.0.0"])
    return published
  }

  private func replace(_ old: String, by new: String, in path: String) throws {
    let file = folder.appending(path: path)
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains(old), "\(path) has no \(old)")
    try Data(text.replacing(old, with: new).utf8).write(to: file)
  }

  /// In one test: the second application uses the tool of the first.
  @Test func `boot by URL and version, and by path`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = try publish().absoluteString
    let new = try run(
      BuiltTool().path.path,
      ["new", "greeter", "--url", url, "--version", "1.0.0"])
    #expect(new.succeeded, "\(new.text)")

    let greeting = try run("make", ["run", "ARGS=one two"], in: "greeter")
    #expect(greeting.succeeded, "\(greeting.text)")
    #expect(
      greeting.text.contains(
        "greeter runs, with nothing below it but the firmware."))
    #expect(greeting.text.contains("argument  two"))

    try bootByPath(from: "greeter/.build/checkouts/swiftkraft")
  }

  private func bootByPath(from checkout: String) throws {
    let tool = folder.appending(path: "\(checkout)/.build/debug/swiftkraft")
    let new = try run(tool.path, ["new", "sums"])
    #expect(new.succeeded, "\(new.text)")
    let manifest = try String(
      contentsOf: folder.appending(path: "sums/Package.swift"), encoding: .utf8)
    #expect(manifest.contains("path: \"../\(checkout)\""))
    guard clone.table.libraries.contains(where: { $0.name == "Scheduling" })
    else { return }

    // A heap and threads.
    try replace(
      "[\"Boot\", \"Console\"]",
      by: "[\"Allocation\", \"Boot\", \"Console\", \"Scheduling\"]",
      in: "sums/Package.swift")
    try Data(Self.sums.utf8).write(
      to: folder.appending(path: "sums/main.swift"))
    let sums = try run("make", ["run"], in: "sums")
    #expect(sums.succeeded, "\(sums.text)")
    #expect(sums.text.contains("the sum is 5050"))

    // What goes wrong is told as it is for chapters.
    try replace("[51...]", by: "[101]", in: "sums/main.swift")
    let wrong = try run("make", ["run"], in: "sums")
    #expect(!wrong.succeeded)
    #expect(wrong.text.contains("sums: sums does not compile."))
    #expect(wrong.text.contains("main.swift:"))

    try replace("../\(checkout)", by: "../nowhere", in: "sums/Package.swift")
    let nowhere = try run("make", ["run"], in: "sums")
    #expect(!nowhere.succeeded)
    #expect(nowhere.text.contains("There is no Swiftkraft at ../nowhere."))
  }

  private static let sums = """
    import Allocation
    import Boot
    import Console
    import Scheduling

    func sum(_ numbers: [Int]) -> Int { numbers.reduce(0, +) }

    func add() throws(ThreadError) {
      let numbers = Array(0...100)
      let low = try Thread.spawn("low") { sum(Array(numbers[..<51])) }
      let high = try Thread.spawn("high") { sum(Array(numbers[51...])) }
      print("the sum is \\(try low.join() + high.join())")
    }

    Scheduler<RoundRobin, GuardedStacks>.run {
      do throws(ThreadError) { try add() } catch { panic("no thread") }
    }
    """

  @Test(arguments: [
    (["new"], "Where shall the application be?"),
    (["new", "my-app"], "digits and _, and no digit first: make new APP=/"),
    (["new", "/tmp/my-app"], "make new APP=/tmp/my_app"),
    (["new", "Boot"], "Boot is a name of Swift's or of Swiftkraft's own"),
    (["new", "a", "--url", "file:///x"], "needs a version of three numbers"),
    (["new", "a", "--version", "1.0.0"], "--version goes with --url"),
    (["new", "Tests"], "already"),
    (
      ["new", "a", "--version", "1.0.0", "--url", "file:///x\"); print(1) //"],
      "is no address of a repository"
    ),
    (
      ["new", "a", "--version", "1.0.0", "--url", #"file:///\(1 + 1)"#],
      "is no address of a repository"
    ),
  ])
  func `that cannot be are refused`(words: [String], says: String) throws {
    let answer = try BuiltTool().run(words)
    #expect(answer.status == 1)
    let text = answer.text.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(text.contains(says), "\(answer.text)")
    #expect(!clone.holds("my-app") && !clone.holds("a"))
  }
}
