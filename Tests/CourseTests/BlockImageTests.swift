// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// Whether the course has come to the chapter with disks.
private let hasDisks = Clone().table.chapters.contains { $0.number >= 7 }

/// The driver of disks, in the booted kernel, on disks of several kinds.
@Suite(.serialized, .enabled(if: hasDisks)) struct BlockImageTests {
  @Test(arguments: [true, false])
  func `eight threads write, and the host finds each byte`(
    isLegacy: Bool
  ) throws {
    var image = try BuiltImage("block-stress")
    image.options = version(isLegacy)
    let disk = try TestDisk(bytes: 32 << 20)
    let outcome = try image.boot(
      with: [disk], inVirtualTime: false)
    let line = try #require(outcome.transcript.kernelLines.last)
    #expect(line.hasPrefix("256 MiB moved"), "\(outcome.complaints)")
    let expected = StressedDisk()
    // Not both in one expectation, which would print 32 MiB of each.
    let difference = expected.difference(from: try disk.contents())
    #expect(difference == nil)
  }

  @Test func `three disks can be asked for all that a disk can do`() throws {
    // Its last sector is not whole; QEMU fills it up.
    let odd = try TestDisk(bytes: 1_000_000)
    odd.device.properties = ["serial=ODD"]
    let fixed = try TestDisk(bytes: 1 << 20)
    fixed.device.isReadOnly = true
    let large = try TestDisk(bytes: 4 << 20)
    large.device.properties = ["serial=LARGE", "logical_block_size=4096"]
    for isLegacy in [true, false] {
      var image = try BuiltImage("block-checks")
      image.options = version(isLegacy)
      let lines = try image.boot(with: [odd, fixed, large])
        .transcript.kernelLines
      #expect(lines.first == "disk 0")
      #expect(lines.last == "3 disks")
      #expect(
        lines.filter { $0.hasSuffix("the device is read-only") }.count == 3)
      #expect(
        lines.filter { $0.hasSuffix("there are no such sectors") }.count == 3)
      #expect(lines.filter { $0.hasSuffix(": done") }.count == 18)
      #expect(
        lines.contains("  1954 sectors, blocks of 512, discards, writes zeroes")
      )
      #expect(
        lines.contains(
          "  8192 sectors, blocks of 4096, discards, writes zeroes"))
      #expect(lines.contains("  name: ODD") && lines.contains("  name: LARGE"))
    }
  }

  @Test func `without a disk there is none`() throws {
    let lines = try BuiltImage("block-checks").boot().transcript.kernelLines
    #expect(lines == ["0 disks"])
  }

  @Test func `an error reaches the request that it belongs to`() throws {
    // QEMU's blkdebug lets sector 0 fail, and nothing else.
    let disk = try TestDisk(bytes: 1 << 20)
    var image = try BuiltImage("block-checks")
    image.options = [
      "-blockdev",
      """
      {"driver": "blkdebug", "node-name": "bad", "inject-error": \
      [{"event": "none", "iotype": "read", "sector": 0, "errno": 5, \
      "once": false}], "image": {"driver": "file", \
      "filename": "\(disk.device.image.path)"}}
      """,
      "-device", "virtio-blk-device,drive=bad,rerror=report,werror=report",
    ]
    // The runner does not know of this disk, and would not wait for it.
    let lines = try image.boot(inVirtualTime: false).transcript.kernelLines
    #expect(lines.contains("  first block read: the device could not do it"))
    #expect(lines.contains("  last block read: done"))
    #expect(lines.contains("  block 8 written: done"))
    #expect(lines.contains("  block 8 filled with zeros: done"))
    #expect(
      lines.contains("  100 pieces of memory: the device could not do it"))
  }

  /// Where a request takes longer than the driver's patience because others
  /// come before it, nothing is lost and nothing is reset.
  @Test func `a disk that answers one request in a second is alive`() throws {
    var image = try BuiltImage("block-slow")
    let disk = try TestDisk(bytes: 1 << 20)
    image.options = [
      "-drive",
      "if=none,id=d,format=raw,file=\(disk.device.image.path),"
        + "throttling.iops-total=1",
      "-device", "virtio-blk-device,drive=d",
    ]
    let lines = try image.boot(inVirtualTime: false, within: 120)
      .transcript.kernelLines
    #expect(lines == ["6 reads done, 0 resets"])
  }

  /// There is no PLIC. Each request would take 10 s if the disk were not
  /// polled.
  @Test(arguments: [
    ["-machine", "virt,aia=aplic"], ["-machine", "virt,aia=aplic-imsic"],
  ])
  func `a disk whose interrupt leads elsewhere is used`(
    board: [String]
  ) throws {
    var image = try BuiltImage("block-checks")
    image.options = board
    let disk = try TestDisk(bytes: 1 << 20)
    let lines = try image.boot(with: [disk], inVirtualTime: false, within: 120)
      .transcript.kernelLines
    #expect(lines.filter { $0.hasSuffix(": done") }.count == 7)
    #expect(lines.last == "1 disks")
  }

  /// QEMU 7.2 brings no interrupt to the harts of its second socket, whose PLIC
  /// is the disk's. The hart that boots is drawn by lot.
  @Test func `a disk whose interrupt is lost on its way is used`() throws {
    var image = try BuiltImage("block-checks")
    image.options = [
      "-smp", "4,sockets=2", "-object", "memory-backend-ram,id=a,size=64M",
      "-object", "memory-backend-ram,id=b,size=64M", "-numa",
      "node,nodeid=0,memdev=a,cpus=0-1", "-numa",
      "node,nodeid=1,memdev=b,cpus=2-3",
    ]
    let disk = try TestDisk(bytes: 1 << 20)
    let lines = try image.boot(with: [disk], inVirtualTime: false, within: 120)
      .transcript.kernelLines
    #expect(lines.filter { $0.hasSuffix(": done") }.count == 7)
  }

  @Test func `a standstill is found beside a disk that has nothing to do`()
    throws
  {
    let disk = try TestDisk(bytes: 1 << 20)
    let lines = try BuiltImage("standstill-disk").boot(with: [disk])
      .transcript.kernelLines
    #expect(lines.first == "polled: false")
    #expect(lines.contains { $0.contains("nothing can run any more") })
    #expect(!lines.contains("this is never printed"))
  }

  private func version(_ isLegacy: Bool) -> [String] {
    ["-global", "virtio-mmio.force-legacy=\(isLegacy)"]
  }
}

/// What must be on the disk when the image `block-stress` has ended: the
/// program's own rules, followed here.
struct StressedDisk {
  let contents: Data

  init() {
    var words = [UInt64](repeating: 0, count: (32 << 20) / 8)
    for thread in 0..<8 {
      let versions = Self.versions(thread)
      for (index, version) in versions.enumerated() where version > 0 {
        let block = index * 8 + thread
        let seed = UInt64(block) << 32 | UInt64(version)
        for place in 0..<512 {
          words[block * 512 + place] =
            (seed &+ UInt64(place)) &* 0x9E37_79B9_7F4A_7C15
        }
      }
    }
    contents = words.withUnsafeBytes { unsafe Data($0) }
  }

  /// How often a thread has written each of its blocks.
  private static func versions(_ thread: Int) -> [UInt32] {
    var versions = [UInt32](repeating: 0, count: 1024)
    var state = UInt64(thread + 1) &* 0x9E37_79B9_7F4A_7C15
    func roll() -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % 1024)
    }
    for _ in 0..<4096 {
      versions[roll()] += 1
      _ = roll()  // the block that was read
    }
    return versions
  }

  /// Where both differ first, in words; nil if nowhere.
  func difference(from found: Data) -> String? {
    guard found != contents else { return nil }
    guard found.count == contents.count else { return "another size" }
    // Block by block: bytes of Data are slow to look at one by one.
    let block = (0..<found.count / 4096).first { block in
      let bytes = block * 4096..<(block + 1) * 4096
      return found[bytes] != contents[bytes]
    }
    return "block \(block ?? -1)"
  }
}
