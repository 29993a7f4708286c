// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// A machine without disks, whose image nobody boots.
private var machine: Machine { Machine(image: URL(filePath: "/image")) }

@Suite struct `A disk's option` {
  let tools: FakeTools

  init() throws { tools = try FakeTools() }

  /// The path of a file of this name, which is made.
  private func file(_ name: String = "disk.img") throws -> String {
    let path = tools.folder.appending(path: name)
    try Data().write(to: path)
    return path.path
  }

  @Test func `may be a path alone`() throws {
    let path = try file()
    #expect(try Disk(option: path) == Disk(URL(filePath: path)))
  }

  @Test func `tells what the device is told`() throws {
    let disk = try Disk(
      option: "\(file()),serial=A=B,read-only,logical_block_size=4096")
    #expect(disk.isReadOnly)
    #expect(disk.properties == ["serial=A=B", "logical_block_size=4096"])
  }

  @Test(arguments: ["a,b.img", "a,b", ",", "a,", "a=1,b"])
  func `leaves the path its commas`(name: String) throws {
    let path = try file(name)
    let disk = try Disk(option: path + ",serial=1")
    #expect(disk.image.path == path)
    #expect(disk.properties == ["serial=1"])
  }

  @Test(arguments: ["", "/nowhere/disk.img", "/nowhere,read-only", "serial=1"])
  func `without a file is refused`(option: String) {
    #expect(throws: Failure.self) { try Disk(option: option) }
  }

  @Test func `that is misspelt is taken for a path, and refused`() throws {
    let option = try file() + ",readonly"
    let failure = #expect(throws: Failure.self) { try Disk(option: option) }
    #expect(failure?.statement == "There is no disk's image at \(option).")
  }
}

@Suite struct `A disk on QEMU's command line` {
  @Test func `has the place of its number`() {
    #expect(
      Disk(URL(filePath: "/d.img")).commandLine(number: 2) == [
        "-drive",
        "if=none,format=raw,id=disk2,werror=report,rerror=report,file=/d.img",
        "-device", "virtio-blk-device,drive=disk2,bus=virtio-mmio-bus.2",
      ])
  }

  @Test func `has its commas doubled`() {
    let line = Disk(URL(filePath: "/a,b,,c")).commandLine(number: 0)
    #expect(line[1].hasSuffix(",file=/a,,b,,,,c"))
  }

  @Test func `passes on what the device is told`() {
    var disk = Disk(URL(filePath: "/d.img"))
    disk.isReadOnly = true
    disk.properties = ["serial=ABC"]
    let line = disk.commandLine(number: 0)
    #expect(line[1].hasSuffix(",file=/d.img,readonly=on"))
    #expect(line[3].hasSuffix(",serial=ABC"))
  }

  @Test func `has physical blocks of the size of its logical ones`() {
    var disk = Disk(URL(filePath: "/d.img"))
    disk.properties = ["logical_block_size=4096"]
    #expect(
      disk.commandLine(number: 0)[3].hasSuffix(
        ",logical_block_size=4096,physical_block_size=4096"))
    disk.properties.append("physical_block_size=8192")
    #expect(
      disk.commandLine(number: 0)[3].hasSuffix(
        ",logical_block_size=4096,physical_block_size=8192"))
  }

  @Test func `stands in the order given, for a debugger too`() {
    var machine = machine
    machine.disks = ["/a", "/b"].map { Disk(URL(filePath: $0)) }
    let log = URL(filePath: "/log")
    for line in [machine.commandLine, machine.commandLine(printingTo: log)] {
      let drives = line.filter { $0.hasPrefix("if=none") }
      #expect(drives.map { $0.suffix(7) } == ["file=/a", "file=/b"])
    }
  }

  @Test func `lets virtual time wait for it`() {
    var machine = machine
    machine.hasVirtualTime = true
    machine.disks = [Disk(URL(filePath: "/d.img"))]
    #expect(machine.commandLine.contains("shift=0,sleep=on"))
  }
}

@Suite struct `The tool's disks` {
  let tools: FakeTools

  init() throws { tools = try FakeTools() }

  /// The tool, with `arguments`, in a folder with a disk `a,b.img`, and with a
  /// QEMU that tells what it is given.
  private func answer(_ arguments: String...) throws -> Answer {
    try tools.replace(.qemu, by: FakeTools.firmware + "echo \"$@\"")
    try Data().write(to: tools.folder.appending(path: "a,b.img"))
    return try tools.tool(["run", "ch1", "--no-build"] + arguments)
      .run(within: 600)
  }

  @Test func `are attached in their order`() throws {
    let answer = try answer(
      "--disk", "a,b.img", "--disk=a,b.img,read-only,serial=X")
    #expect(answer.ending == .status(0), "\(answer.complaint)")
    let words = answer.text.split(separator: " ")
    #expect(words.filter { $0.hasPrefix("if=none") }.count == 2)
    #expect(answer.text.contains("/a,,b.img -device"))
    #expect(answer.text.contains("/a,,b.img,readonly=on -device"))
    #expect(answer.text.contains("bus=virtio-mmio-bus.1,serial=X"))
  }

  @Test func `that are missing are told`() throws {
    let answer = try answer("--disk", "nowhere.img")
    #expect(answer.ending == .status(1))
    #expect(answer.complaint.contains("no disk's image at nowhere.img."))
  }

  @Test func `are at most eight`() throws {
    let options = [String](repeating: "--disk=a,b.img", count: 9)
    let command = try tools.tool(["run", "ch1", "--no-build"] + options)
    try Data().write(to: tools.folder.appending(path: "a,b.img"))
    let answer = try command.run(within: 600)
    #expect(answer.complaint.contains("8 disks, not 9"))
  }
}
