// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Inspecting
import Runner

/// Measures all there is to measure, in virtual time: one instruction, one
/// nanosecond.
///
/// - of each finished chapter: its image, its start, its smallest memory;
/// - of `hello`, the smallest program: its image;
/// - of each `Tests/Images/measure-…`: what it prints (see `FigureLines`).
public struct Measuring {
  private let project: Project
  private let toolbox: Toolbox
  private let build: ImageBuild

  /// - Parameters:
  ///   - project: The clone.
  ///   - toolbox: Finds the tools.
  public init(_ project: Project, with toolbox: Toolbox) {
    self.project = project
    self.toolbox = toolbox
    build = ImageBuild(of: project, with: toolbox)
  }

  /// Measures everything, in about ten seconds once all is built.
  ///
  /// - Parameter announce: Told what is measured next.
  /// - Returns: All figures.
  /// - Throws: ``Failure``, ``Diagnosis`` or ``Interrupted``.
  public func figures(
    announce: (String) -> Void = { _ in }
  ) throws -> [Figure: Int] {
    announce("hello")
    let hello = try build.image("hello")
    var figures = [Figure(1, Figure.hello): try Self.size(of: hello)]
    // What lies below the kernel, it needs in any case.
    let below = Int((Board.kernel - Board.memory) >> 10)
    let least = try smallestMemory(of: hello, in: nil, from: below)
    for chapter in project.table.chapters where chapter.state == .ready {
      announce(chapter.image)
      for (name, value) in try ofEach(chapter, leastMemory: least) {
        figures[Figure(chapter.number, name)] = value
      }
    }
    for (name, chapter) in try measuringImages() {
      announce(name)
      for (figure, value) in try printed(by: name, of: chapter) {
        guard figures.updateValue(value, forKey: figure) == nil else {
          throw Failure("\(figure.title) is measured twice, also by \(name).")
        }
      }
    }
    return figures
  }

  private func ofEach(
    _ chapter: Chapter, leastMemory: Int
  ) throws -> [String: Int] {
    let image = try build.image(chapter.image)
    let start = try withDisks(of: chapter) { disks in
      try StartCost(of: image, with: toolbox, disks: disks).instructions()
    }
    return [
      Figure.image: try Self.size(of: image),
      Figure.start: Int(clamping: start),
      Figure.memory: try smallestMemory(
        of: image, in: chapter, from: leastMemory),
    ]
  }

  /// With what is measured: `Swift 6.3.1, QEMU 7.2.22`.
  ///
  /// - Throws: ``Diagnosis`` or ``Interrupted``.
  public func tools() throws -> String {
    try [("Swift", Tool.swift, "Swift version"), ("QEMU", .qemu, "version")]
      .map { name, tool, marker in
        let text = try Command(toolbox.require(tool), ["--version"])
          .run(within: 120).text
        let rest = text.firstRange(of: marker).map { text[$0.upperBound...] }
        let version = ToolVersion(in: String(rest ?? ""))
        return "\(name) \(version.map(\.description) ?? "?")"
      }.joined(separator: ", ")
  }

  private static func size(of image: URL) throws -> Int {
    try RawImage(elf: Data(contentsOf: image)).size
  }
}

// MARK: - Booting

extension Measuring {
  /// Gives a run the disk that its chapter's program expects, if any, with
  /// nothing written to it.
  private func withDisks<Result>(
    of chapter: Chapter?, _ body: ([Disk]) throws -> Result
  ) throws -> Result {
    let fresh = try chapter
      .flatMap { ChapterDisk(of: $0.image, in: project) }?.fresh()
    defer {
      if let fresh { try? FileManager.default.removeItem(at: fresh.image) }
    }
    return try body([fresh].compactMap(\.self))
  }

  private func outcome(
    of image: URL, in chapter: Chapter?, memory: String = "128M",
    seconds: Double
  ) throws -> Outcome {
    try withDisks(of: chapter) { disks in
      var machine = Machine(image: image)
      machine.hasVirtualTime = true
      machine.memory = memory
      machine.disks = disks
      return try Run(
        machine, with: toolbox, logFolder: project.logFolder, seconds: seconds
      ).outcome()
    }
  }

  /// In KiB.
  private func smallestMemory(
    of image: URL, in chapter: Chapter?, from least: Int
  ) throws -> Int {
    let found = try SmallestMemory.search(from: least) { size in
      let outcome = try outcome(
        of: image, in: chapter, memory: "\(size)K", seconds: 120)
      return outcome.end == .itself(.status(0))
    }
    guard let found else {
      throw Failure(
        "\(image.lastPathComponent) does not end with status 0 in any memory.")
    }
    return found
  }
}

// MARK: - Images that measure

extension Measuring {
  /// Their names, and the chapter that each belongs to: the last one whose
  /// libraries it uses. Those of a chapter that is not finished are left out.
  private func measuringImages() throws -> [(name: String, chapter: Chapter)] {
    let folder = project.root.appending(path: "Tests/Images")
    let names = try FileManager.default
      .contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("measure-") }.sorted()
    return try names.compactMap { name in
      let source = try String(
        contentsOf: folder.appending(path: "\(name)/main.swift"),
        encoding: .utf8)
      let lines = source.split(separator: "\n")
      let last = project.table.libraries
        .filter { lines.contains("import \($0.name)") }.map(\.chapter).max()
      return project.table.chapters
        .first { $0.number == last && $0.state == .ready }
        .map { (name, $0) }
    }
  }

  private func printed(
    by name: String, of chapter: Chapter
  ) throws -> [(Figure, Int)] {
    let image = try build.image(name)
    let outcome = try outcome(of: image, in: chapter, seconds: 600)
    let judge = Judge(of: image, with: toolbox, status: 0)
    if let diagnosis = judge.diagnosis(of: outcome) { throw diagnosis }
    return FigureLines(outcome.transcript.kernelLines).figures
      .map { (Figure(chapter.number, $0.name), $0.value) }
  }
}
