// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// A disk for one test, in a folder of its own that goes with it.
final class TestDisk {
  /// What a machine is given. A test may make it read-only, or tell the device
  /// more: `disk.device.properties = ["serial=ABC"]`.
  var device: Disk

  private let folder: URL

  /// A file that `fill` makes at the path that it is given.
  private init(fill: (URL) throws -> Void) throws {
    let manager = FileManager.default
    folder = manager.temporaryDirectory
      .appending(path: "swiftkraft-disk-\(UUID().uuidString)")
    device = Disk(folder.appending(path: "disk.img"))
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    try fill(device.image)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A disk of so many bytes, all of them 0.
  convenience init(bytes: Int) throws {
    try self.init { path in
      try Data().write(to: path)
      let file = try FileHandle(forWritingTo: path)
      try file.truncate(atOffset: UInt64(bytes))
      try file.close()
    }
  }

  /// The disk that a chapter's program expects, such as that of `ch7`.
  convenience init(of image: String) throws {
    let project = try Project(root: Clone().root)
    guard let disk = ChapterDisk(of: image, in: project) else {
      throw Failure("The program of \(image) expects no disk.")
    }
    try self.init { try disk.make(at: $0) }
  }

  /// A disk with the same on it; takes milliseconds.
  convenience init(copyOf other: TestDisk) throws {
    try self.init { path in
      try FileManager.default.copyItem(at: other.device.image, to: path)
    }
  }

  /// The option that attaches it, for ``BuiltTool/run(_:input:)``.
  var options: [String] {
    let words =
      [device.image.path] + (device.isReadOnly ? ["read-only"] : [])
      + device.properties
    return ["--disk", words.joined(separator: ",")]
  }

  /// All that is on it.
  func contents() throws -> Data { try Data(contentsOf: device.image) }

  /// So many bytes from `offset` on, fewer at its end.
  func read(_ count: Int, at offset: Int) throws -> Data {
    let file = try FileHandle(forReadingFrom: device.image)
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(offset))
    return try file.read(upToCount: count) ?? Data()
  }

  /// Puts bytes on it, while no machine runs that has it.
  func write(_ data: Data, at offset: Int) throws {
    let file = try FileHandle(forUpdating: device.image)
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: data)
  }
}
