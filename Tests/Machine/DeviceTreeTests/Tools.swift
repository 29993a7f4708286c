// SPDX-License-Identifier: BSD-3-Clause

import Foundation

struct ToolFailure: Error, CustomStringConvertible {
  let description: String
}

/// Runs a tool that is found on the path and gives what it prints.
func run(_ tool: String, _ arguments: [String], input: String = "") throws
  -> String
{
  guard let path = find(tool) else {
    throw ToolFailure(
      description: "\(tool) is not on PATH; `make setup` installs it")
  }
  let folder = try TemporaryFolder()
  let (given, printed) = (folder / "input", folder / "output")
  try Data(input.utf8).write(to: given)
  try Data().write(to: printed)
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  // Files and not pipes: a pipe that nobody empties stops the tool.
  process.standardInput = try FileHandle(forReadingFrom: given)
  process.standardOutput = try FileHandle(forWritingTo: printed)
  process.standardError = process.standardOutput
  try process.run()
  process.waitUntilExit()
  let reader = try FileHandle(forReadingFrom: printed)
  let output = String(decoding: try reader.readToEnd() ?? Data(), as: UTF8.self)
  guard process.terminationStatus == 0 else {
    throw ToolFailure(
      description: "\(tool) \(arguments) ended with "
        + "\(process.terminationStatus): \(output)")
  }
  return output
}

private func find(_ tool: String) -> String? {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
  return path.split(separator: ":").map { "\($0)/\(tool)" }
    .first(where: FileManager.default.isExecutableFile(atPath:))
}

/// A folder that goes when this value does.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("devicetree-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  static func / (folder: TemporaryFolder, name: String) -> URL {
    folder.url.appendingPathComponent(name)
  }
}

/// The flattened form of a device tree in source form, made by `dtc`.
func compile(_ source: String) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  let (from, to) = (folder / "tree.dts", folder / "tree.dtb")
  try Data("/dts-v1/;\n\(source)".utf8).write(to: from)
  _ = try run(
    "dtc", ["-q", "-I", "dts", "-O", "dtb", "-o", to.path, from.path])
  return [UInt8](try Data(contentsOf: to))
}

/// The device tree that QEMU hands to the firmware of its `virt` board.
func qemuTree(harts: Int) throws -> [UInt8] {
  try qemuTree("virt", ["-smp", "\(harts)"])
}

/// The device tree that QEMU hands to the firmware of a board with options.
func qemuTree(_ machine: String, _ options: [String]) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  let (tree, kernel) = (folder / "tree.dtb", folder / "kernel")
  // The command line is only put in where there is a kernel to read it.
  try Data(repeating: 0, count: 64).write(to: kernel)
  _ = try run(
    "qemu-system-riscv64",
    [
      "-machine", "\(machine),dumpdtb=\(tree.path)",
      "-nographic", "-append", "a b", "-kernel", kernel.path,
    ] + options)
  return [UInt8](try Data(contentsOf: tree))
}

/// Options for a board of two sockets with two harts each.
let twoSockets = [
  "-m", "256M", "-smp", "4,sockets=2",
  "-object", "memory-backend-ram,id=a,size=128M",
  "-object", "memory-backend-ram,id=b,size=128M",
  "-numa", "node,nodeid=0,memdev=a,cpus=0-1",
  "-numa", "node,nodeid=1,memdev=b,cpus=2-3",
]
