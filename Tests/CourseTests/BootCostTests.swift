// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// How many instructions a kernel executes before its program: exact, because
/// QEMU counts them and a debugger reads the counter at both ends.
@Suite(.serialized) struct BootCostTests {
  private static let table = Clone().table

  private func instructions(_ image: String, memory: String) throws -> UInt64 {
    let toolbox = Toolbox()
    let project = try Project(root: Clone().root)
    let path = try ImageBuild(of: project, with: toolbox).image(image)
    let emulator = try toolbox.require(.qemu).path
    let target = """
      \(emulator) -machine virt -m \(memory) -display none -nic none \
      -monitor none -serial null -icount shift=0,sleep=off -S -gdb stdio \
      -kernel \(path.path)
      """
    var commands = [
      "set debuginfod enabled off", "target remote | exec \(target)",
    ]
    for symbol in ["_start", "main"] {
      let place = try address(of: symbol, in: path)
      commands += ["tbreak *\(place)", "continue", "info registers minstret"]
    }
    let options = commands.flatMap { ["-ex", $0] } + ["-ex", "kill"]
    let text = try Command(
      toolbox.require(.debugger),
      ["-nx", "-q", "-batch"] + options
        + [path.path]
    ).run(within: 60).text
    let counts = text.split(whereSeparator: \.isNewline)
      .filter { $0.hasPrefix("minstret") }
      .compactMap {
        UInt64(
          $0.split(whereSeparator: \.isWhitespace)[1].dropFirst(2), radix: 16)
      }
    try #require(counts.count == 2, "\(text)")
    return counts[1] &- counts[0]
  }

  private func address(of symbol: String, in image: URL) throws -> UInt64 {
    let swift = try Toolbox().require(.swift)
    let tool = swift.resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "llvm-nm")
    let lines = try Command(tool, [image.path]).run(within: 60).text
      .split(separator: "\n")
    let line = try #require(lines.first { $0.hasSuffix(" T \(symbol)") })
    return try #require(UInt64(line.prefix(16), radix: 16))
  }

  @Test(arguments: table.chapters.map(\.image))
  func `a program starts within the budget`(image: String) throws {
    let count = try instructions(image, memory: "128M")
    #expect(count <= 25_000, "\(image) starts after \(count) instructions")
  }

  @Test(.enabled(if: table.chapters.count >= 3))
  func `a start costs the same however much memory there is`() throws {
    let small = try instructions("ch3", memory: "128M")
    let large = try instructions("ch3", memory: "8G")
    let difference = max(large, small) - min(large, small)
    #expect(difference * 100 <= small, "\(small), \(large)")
  }
}
