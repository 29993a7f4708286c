// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

private let hasDevices = Clone().table.chapters.contains { $0.number >= 7 }

/// Virtio devices other than disks, in the booted kernel.
@Suite(.serialized, .enabled(if: hasDevices)) struct RandomImageTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "swiftkraft-random-\(UUID().uuidString)")

  private func lines(_ options: [String], _ isLegacy: Bool) throws -> [String] {
    var image = try BuiltImage("random")
    // The firmware's own seed is the same each time.
    image.options =
      ["-seed", "1", "-global", "virtio-mmio.force-legacy=\(isLegacy)"]
      + options
    return try image.boot(inVirtualTime: false).transcript.kernelLines
  }

  @Test(arguments: [true, false])
  func `a device's chance changes the canary and the numbers`(
    isLegacy: Bool
  ) throws {
    let runs = try (0..<3).map { _ in
      try lines(["-device", "virtio-rng-device"], isLegacy)
    }
    for run in runs {
      #expect(run.count == 4)
      #expect(run.first == "a device gave chance: yes")
    }
    for place in 1..<4 { #expect(Set(runs.map { $0[place] }).count == 3) }
  }

  @Test func `without a device there are random numbers too`() throws {
    let run = try lines([], true)
    #expect(run.first == "a device gave chance: no")
    #expect(run.count == 4 && run[2] != run[3])
  }

  @Test(arguments: [true, false])
  func `a virtio console shows text and takes input`(isLegacy: Bool) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    let pipe = folder.appending(path: "console").path
    let (typed, shown) = try (Pipe(pipe + ".in"), Pipe(pipe + ".out"))
    // Longer than the console's buffer of 128 characters.
    let line = String(repeating: "0123456789", count: 30) + "\n"
    try typed.end.write(contentsOf: Data(line.utf8))
    let run = try lines(
      [
        "-device", "virtio-serial-device", "-chardev",
        "pipe,id=v,path=\(pipe)", "-device", "virtconsole,chardev=v",
      ], isLegacy)
    #expect(run.last == "the virtio console echoed a line")
    let text = String(decoding: shown.end.availableData, as: UTF8.self)
    #expect(text == "say something\n" + line)
  }

  /// A named pipe, held open so that nobody waits for the other end.
  private struct Pipe {
    let end: FileHandle

    init(_ path: String) throws {
      try #require(mkfifo(path, 0o600) == 0)
      end = try FileHandle(forUpdating: URL(filePath: path))
    }
  }
}
