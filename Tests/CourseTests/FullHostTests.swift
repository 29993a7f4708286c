// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

private let hasDisks = Clone().table.chapters.contains { $0.number >= 7 }

/// QEMU itself, on a computer that has no room for what a program writes.
@Suite(.enabled(if: hasDisks)) struct FullHostTests {
  @Test func `a write without room fails, and the runner says why`() throws {
    // QEMU's blkdebug: error 28 is "No space left on device".
    let disk = try TestDisk(bytes: 1 << 20)
    var image = try BuiltImage("block-checks")
    image.options = [
      "-drive",
      """
      if=none,id=mine,werror=report,driver=blkdebug,\
      image.driver=file,image.filename=\(disk.device.image.path),\
      inject-error.0.event=none,inject-error.0.iotype=write,\
      inject-error.0.errno=28,inject-error.0.once=off
      """,
      "-device", "virtio-blk-device,drive=mine",
    ]
    let outcome = try image.boot(inVirtualTime: false)
    #expect(outcome.end == .itself(.status(0)), "\(outcome.complaints)")
    let lines = outcome.transcript.kernelLines
    #expect(lines.contains("  first block read: done"), "\(lines)")
    #expect(lines.contains("  block 8 written: the device could not do it"))
    #expect(outcome.fullDisk == "mine")
  }

  /// A limit that needs no rights: files may not grow beyond 64 KiB.
  @Test func `the tool names the disk's image`() throws {
    let tool = BuiltTool()
    let disk = try TestDisk(of: "ch7")
    let script = """
      ulimit -f 64
      exec '\(tool.path.path)' run ch7 \
        '\(disk.options.joined(separator: "' '"))'
      """
    _ = try BuiltImage("ch7")
    let answer = try Command(URL(filePath: "/bin/bash"), ["-c", script])
      .run(within: 1800)
    #expect(!answer.succeeded)
    let words = answer.complaint
    #expect(words.contains("The disk of this computer is full"), "\(words)")
    #expect(words.contains(disk.device.image.path), "\(words)")
  }
}
