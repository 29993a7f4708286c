// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// The compiler has no stack probes for RISC-V: a function with large variables
/// moves the stack pointer over all of them at once. So the guard area below a
/// stack must be larger than the frame of any function.
///
/// Not covered: memory that a function takes from its stack by a size that it
/// computes. No function of these images does, which is checked as well.
@Suite(.serialized) struct FrameSizeTests {
  private static let images: [(String, Configuration)] = {
    let clone = Clone()
    let chapters = clone.table.chapters.map(\.image)
    let others = (try? clone.folders(in: "Tests/Images"))?.sorted() ?? []
    return (chapters + others).map { ($0, .release) }
      + chapters.map { ($0, .debug) }
  }()

  private func image(_ name: String, _ configuration: Configuration) throws
    -> URL
  {
    let project = try Project(root: Clone().root)
    return try ImageBuild(of: project, with: Toolbox(), configuration)
      .image(name)
  }

  private func llvm(_ name: String) throws -> String {
    try Toolbox().require(.swift).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: name).path
  }

  /// The size of each function's frame. A function that computes one is listed
  /// with -1.
  private func frames(of image: URL) throws -> [(name: String, size: Int)] {
    let script = Clone().root.appending(path: "Tests/CourseTests/frames.awk")
    let command = Command(
      URL(filePath: "/bin/sh"),
      [
        "-c",
        #""$1" --disassemble --no-show-raw-insn "$2" | awk -f "$3""#, "sh",
        try llvm("llvm-objdump"), image.path, script.path,
      ])
    let text = try command.run(within: 120).text
    return text.split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return (String(words[1]), Int(words[0]) ?? -1)
    }
  }

  /// The smallest guard area of an image: what virt.ld leaves below the stacks.
  private func guardSize(of image: URL) throws -> Int {
    let text = try Command(
      URL(filePath: llvm("llvm-nm")), [image.path]
    ).run(within: 60).text
    var places: [Substring: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3 { places[words[2]] = Int(words[0], radix: 16) }
    }
    let low = try #require(places["boot_guard_low"])
    return try #require(places["boot_stack_low"]) - low
  }

  @Test(arguments: images)
  func `no function jumps over the guard area of a stack`(
    name: String, configuration: Configuration
  ) throws {
    let image = try image(name, configuration)
    let frames = try frames(of: image)
    #expect(frames.contains { $0.size > 0 })
    let limit = try guardSize(of: image)
    for frame in frames {
      #expect(
        frame.size >= 0 && frame.size + 304 < limit,
        "\(frame.name) takes \(frame.size) bytes of its stack")
    }
  }

  @Test func `the frame of a large function is read right`() throws {
    let frames = try frames(of: image("crash-bare", .release))
    let large = try #require(frames.first { $0.name.contains("large128") })
    #expect((131_072...131_400).contains(large.size))
  }

  @Test(
    .enabled(
      if: Clone().holds("Sources/Threads/Scheduling/Stacks/GuardedStacks.swift")
    ))
  func `threads have guard areas as large as the boot stack's`() throws {
    let image = try image("crash-threads", .release)
    let source = try Clone().text(
      of: "Sources/Threads/Scheduling/Stacks/GuardedStacks.swift")
    let match = try #require(
      source.firstMatch(of: /guardSize: UInt64 \{ (\d+) << 10 \}/))
    #expect(Int(match.1).map { $0 << 10 } == (try guardSize(of: image)))
  }
}
