// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Makes the disk of a chapter's program anew: the kept one, or another.
struct DiskCommand: Subcommand {
  static let name = "disk"
  static let valued = ["out"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let name = try options.image(in: project)
    guard project.table.chapter(of: name) != nil else {
      throw Failure.unknownImage(name, in: project.table)
    }
    guard let disk = ChapterDisk(of: name, in: project) else {
      throw Failure(
        "The program of \(name) expects no disk.",
        advice: "Disks begin in chapter 7. Any program can be given one: "
          + "swiftkraft run \(name) --disk FILE")
    }
    let path = options.value("out").map { URL(filePath: $0) } ?? disk.path
    try disk.make(at: path)
    print(path.path)
    return 0
  }
}
