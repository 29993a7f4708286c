// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// The disk that a chapter's program expects, made by the `disk.sh` in the
/// chapter's folder.
///
///     disk.sh ─▶ .build/disks/ch7.img        run, debug, inspect, trace: kept
///             ─▶ .build/disks/ch7-5FA0….img  expect: a new one each time
///
/// What a program writes to the kept one is there in the next run.
public struct ChapterDisk: Sendable {
  private let name: String
  private let script: URL
  private let folder: URL

  /// Nil if the program expects no disk.
  ///
  /// - Parameters:
  ///   - image: What the chapter's image is called, such as `ch7`.
  ///   - project: The clone.
  public init?(of image: String, in project: Project) {
    guard let chapter = project.table.chapter(of: image) else { return nil }
    name = image
    script = project.root.appending(path: "\(chapter.folder)/disk.sh")
    folder = project.buildFolder.appending(path: "disks")
    guard FileManager.default.fileExists(atPath: script.path) else {
      return nil
    }
  }

  /// Where the kept disk is.
  public var path: URL { folder.appending(path: "\(name).img") }

  /// The kept disk; it is made if it is not there.
  ///
  /// - Throws: ``Failure`` if it cannot be made, or ``Interrupted``.
  public func kept() throws -> Disk {
    if !FileManager.default.fileExists(atPath: path.path) {
      try make(at: path)
    }
    return Disk(path)
  }

  /// A disk that nothing has been written to, for one run.
  ///
  /// - Returns: The disk. Its file is the caller's to remove.
  /// - Throws: ``Failure`` if it cannot be made, or ``Interrupted``.
  public func fresh() throws -> Disk {
    let path = folder.appending(path: "\(name)-\(UUID().uuidString).img")
    try make(at: path)
    return Disk(path)
  }

  /// Makes a disk in place of what is there.
  ///
  /// - Parameter path: Where to. It holds a whole disk or is left alone.
  /// - Throws: ``Failure`` if it cannot be made, or ``Interrupted``.
  public func make(at path: URL) throws {
    let manager = FileManager.default
    try manager.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    let half = path.appendingPathExtension(UUID().uuidString)
    defer { try? manager.removeItem(at: half) }
    let answer = try Command(
      URL(filePath: "/bin/sh"), [script.path, half.path]
    ).run(within: 600)
    guard answer.succeeded, manager.fileExists(atPath: half.path) else {
      throw Failure(
        "\(script.path) has made no disk.",
        advice: answer.complaint.trimmingCharacters(in: .newlines))
    }
    // A machine that still runs keeps the old one.
    try? manager.removeItem(at: path)
    try manager.moveItem(at: half, to: path)
  }
}
