// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Builds images without booting them.
struct BuildCommand: Subcommand {
  static let name = "build"
  static let valued = ["configuration"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let build = ImageBuild(
      of: project, with: Toolbox(), try options.configuration())
    let names =
      options.words.isEmpty
      ? [try options.image(in: project)] : options.words
    for name in names {
      do {
        print(try build.image(name).path)
      } catch let diagnosis as Diagnosis {
        explain(diagnosis, of: name)
        return 1
      }
    }
    return 0
  }
}

/// Looks at what the course needs on this machine.
struct DoctorCommand: Subcommand {
  static let name = "doctor"

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let doctor = Doctor(of: project, with: Toolbox())
    let isWell = try doctor.examine { finding in
      for line in Doctor.lines(finding) { print(line) }
    }
    return isWell ? 0 : 1
  }
}

/// Lists the chapters, or only the image of the newest finished one.
struct ChaptersCommand: Subcommand {
  static let name = "chapters"

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    for chapter in project.table.chapters {
      let draft = chapter.state == .draft ? "  (draft)" : ""
      print("\(chapter.image)  \(chapter.title)\(draft)")
    }
    return 0
  }
}
