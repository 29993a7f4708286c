// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// What `swiftkraft trace` does, with and without a scheduler in the program.
@Suite(.serialized)
struct TraceTests {
  let tool = BuiltTool()

  @Test func `a program without threads is told where they begin`() throws {
    let result = try tool.run(["trace", "ch1"])
    #expect(result.status == 1)
    #expect(result.text.contains("starts no scheduler"))
    #expect(result.text.contains("Threads begin in chapter 5"))
    #expect(!tool.clone.holds(".build/trace/ch1.svg"))
  }

  @Test func `an image for tracing lies in a folder of its own`() throws {
    let project = try Project(root: tool.clone.root)
    let usual = ImageBuild(of: project, with: Toolbox())
    let traced = ImageBuild(of: project, with: Toolbox(), isTraced: true)
    #expect(usual.path(of: "ch1") != traced.path(of: "ch1"))
  }

  @Test func `the trace is drawn, and not shown`() throws {
    let result = try trace(
      """
      trace frequency 10000000
      trace 0 10 begin round robin
      trace 0 10 spawn 1 5 worker
      trace 0 20 run 1
      trace 0 50 exit 1
      trace 0 60 end
      trace complete
      """)
    #expect(result.status == 0, "\(result.text)")
    #expect(result.text.contains("Hello\n\nround robin: 5 µs\n"))
    #expect(!result.text.contains("trace 0"))
    #expect(result.files == ["ch1.json", "ch1.log", "ch1.svg"])
  }

  @Test func `a trace that is cut short is drawn, but fails`() throws {
    let result = try trace(
      """
      trace frequency 10000000
      trace 0 10 begin round robin
      """)
    #expect(result.status == 1)
    #expect(result.text.contains("cut short"))
    #expect(result.files == ["ch1.json", "ch1.log", "ch1.svg"])
  }

  /// Traces with a script in QEMU's place that prints `lines`.
  private func trace(
    _ lines: String
  ) throws -> (status: Int?, text: String, files: [String]) {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory
      .appending(path: "swiftkraft-test-\(UUID().uuidString)")
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: folder) }
    let emulator = folder.appending(path: "emulator")
    try Self.emulator(printing: lines).write(
      to: emulator, atomically: true, encoding: .utf8)
    try manager.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: emulator.path)
    let script = folder.appending(path: "script")
    try """
    SWIFTKRAFT_QEMU='\(emulator.path)' \
    "$SWIFTKRAFT" trace ch1 --out '\(folder.path)/out' 2>&1
    """.write(to: script, atomically: true, encoding: .utf8)
    let result = try tool.run(script: script.path)
    let files = try? manager.contentsOfDirectory(atPath: folder.path + "/out")
    return (result.status, result.text, (files ?? []).sorted())
  }

  private static func emulator(printing lines: String) -> String {
    """
    #!/bin/sh
    if [ "$1" = --version ]; then echo 'QEMU emulator version 9.0.0'; exit; fi
    printf 'OpenSBI v1.1\\nBoot HART MEDELEG         : 0x00f0b509\\n'
    cat <<'END'
    Hello
    \(lines)
    END
    """
  }
}
