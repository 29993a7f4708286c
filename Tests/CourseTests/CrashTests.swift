// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// What a program has chosen, on top of which everything may go wrong.
private struct Surroundings: CustomTestStringConvertible {
  let image: String
  /// The stack on which it goes wrong: `boot`, `guarded` or `heap`.
  let stack: String
  let configuration: Configuration

  var testDescription: String { "\(image), \(stack) stack, \(configuration)" }

  static let all: [Surroundings] = [Configuration.release, .debug].flatMap {
    configuration in
    [("crash-bare", "boot"), ("crash-traps", "boot")]
      .appending(["boot", "guarded", "heap"].map { ("crash-threads", $0) })
      .appending(["guarded", "heap"].map { ("crash-own-heap", $0) })
      .filter { Clone().holds("Tests/Images/\($0.0)") }
      .map {
        Surroundings(image: $0.0, stack: $0.1, configuration: configuration)
      }
  }

  /// All ways to go wrong that mean something here.
  var faults: [String] {
    var faults = [
      "null", "nothing", "jump", "illegal", "runtime", "panic",
      "panic-in-panic", "recursion", "smash", "wiped",
    ]
    // Below the stack of a program without page tables lies unused memory: a
    // function that comes back from there has done no harm.
    guard !["crash-bare", "crash-traps"].contains(image) else { return faults }
    faults += ["deep", "frame-128k", "exhausted"]
    if image == "crash-threads", stack != "boot" { faults.append("scribbled") }
    let stackSize = configuration == .debug || stack == "boot" ? 64 : 16
    return stackSize < 24 ? faults + ["frame-24k"] : faults
  }
}

extension Array {
  fileprivate func appending(_ others: [Element]) -> [Element] { self + others }
}

/// A kernel that crashes says so, and never ends like one that does not:
/// whatever went wrong, and whatever the program has chosen.
@Suite(.serialized) struct CrashTests {
  private func crash(
    _ image: String, _ configuration: Configuration, _ arguments: String,
    options: [String] = [], within seconds: Double = 60
  ) throws -> Outcome {
    var image = try BuiltImage(image, configuration)
    image.arguments = arguments
    image.options = options
    return try image.boot(within: seconds)
  }

  private func status(of outcome: Outcome) -> Int? {
    guard case .itself(.status(let status)) = outcome.end else { return nil }
    return status
  }

  @Test(arguments: Surroundings.all)
  fileprivate func `every crash ends with words and a failing status`(
    surroundings: Surroundings
  ) throws {
    for fault in surroundings.faults {
      // Little memory is used up sooner.
      let outcome = try crash(
        surroundings.image, surroundings.configuration,
        "fault=\(fault) stack=\(surroundings.stack)", options: ["-m", "16M"])
      let text = outcome.transcript.kernelLines.joined(separator: "\n")
      #expect(
        [70, 71].contains(status(of: outcome)),
        "\(fault) ended with \(outcome.end)\n\(text)")
      #expect(!outcome.transcript.panics.isEmpty, "\(fault)\n\(text)")
      // A damaged name must not print all of the memory behind it.
      #expect(outcome.transcript.bytes.count < 100_000, "\(fault)")
    }
  }

  @Test(
    .enabled(if: Clone().holds("Tests/Images/crash-threads")),
    arguments: ["recursion", "deep", "frame-24k", "frame-128k"])
  func `a function of any size meets the guard below a thread's stack`(
    fault: String
  ) throws {
    let outcome = try crash(
      "crash-threads", .release, "fault=\(fault) stack=guarded")
    let lines = outcome.transcript.kernelLines
    #expect(status(of: outcome) == 70)
    #expect(
      lines.first
        == #"thread 3 "victim" has overflowed its stack of 16384 bytes"#)
    #expect(outcome.transcript.panics == ["stack overflow"])
  }

  @Test(
    .enabled(if: Clone().holds("Tests/Images/crash-threads")),
    arguments: ["guarded", "heap"])
  func `a thread whose control block is damaged is reported all the same`(
    stack: String
  ) throws {
    let outcome = try crash(
      "crash-threads", .release, "fault=scribbled stack=\(stack)")
    #expect(status(of: outcome) == 70)
    let text = outcome.transcript.kernelLines.joined(separator: "\n")
    #expect(text.contains(#" "?""#), "\(text)")
  }

  @Test(
    .enabled(if: Clone().holds("Tests/Images/crash-threads")))
  func `damage below a stack without a guard is found at the next switch`()
    throws
  {
    let outcome = try crash(
      "crash-threads", .release, "fault=frame-24k stack=heap")
    #expect(
      outcome.transcript.kernelLines.contains(
        #"thread 3 "victim" has overflowed its stack, which has no guard"#))
    #expect(status(of: outcome) == 70)
  }

  @Test(.enabled(if: Clone().holds("Tests/Images/crash-threads")))
  func `no thread survives the overflow of a stack without a guard`() throws {
    let outcome = try crash(
      "crash-threads", .release, "fault=recursion stack=heap mode=survive")
    #expect([70, 71].contains(status(of: outcome)), "\(outcome.end)")
  }

  @Test(.enabled(if: Clone().holds("Tests/Images/crash-traps")))
  func `a stack overflow without page tables meets the firmware's memory`()
    throws
  {
    let outcome = try crash("crash-traps", .release, "fault=recursion")
    #expect(outcome.transcript.panics == ["stack overflow"])
    #expect(
      outcome.transcript.explanation.contains {
        $0.hasSuffix("in memory that the firmware keeps for itself")
      })
    #expect(outcome.transcript.backtrace.count > 10)
  }

  @Test(.enabled(if: Clone().holds("Tests/Images/pages")))
  func `a hart without Sv39 is refused`() throws {
    let outcome = try crash(
      "pages", .release, "", options: ["-cpu", "rv64,mmu=off"])
    #expect(status(of: outcome) == 70)
    let words = outcome.transcript.panics.first
    #expect(words?.contains("no Sv39") == true, "\(words ?? "no panic")")
  }

  @Test func `a failure never becomes a success where no status can be told`()
    throws
  {
    let folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let tree = try treeWithoutPowerRegister(in: folder)
    // The machine stands still, so this is the one way to see it.
    let outcome = try crash(
      "panics", .release, "", options: ["-dtb", tree.path], within: 3)
    let lines = outcome.transcript.kernelLines
    #expect(lines.contains { $0.contains("the status is lost") }, "\(lines)")
    guard case .timeOut = outcome.end else {
      Issue.record("\(outcome.end)")
      return
    }
  }

  /// QEMU's own tree, in which the device that ends QEMU has another name.
  private func treeWithoutPowerRegister(in folder: URL) throws -> URL {
    let path = folder.appending(path: "tree.dtb")
    let emulator = try Toolbox().require(.qemu)
    _ = try Command(
      emulator, ["-machine", "virt,dumpdtb=\(path.path)", "-display", "none"]
    ).run(within: 60)
    let tree = try Data(contentsOf: path)
    var changed = tree
    while let range = changed.range(of: Data("sifive,test".utf8)) {
      changed.replaceSubrange(range, with: Data("sifive,tess".utf8))
    }
    #expect(changed != tree)
    try changed.write(to: path)
    return path
  }
}
