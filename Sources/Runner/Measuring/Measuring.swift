// SPDX-License-Identifier: BSD-3-Clause

import Foundation

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
    let least = try smallestMemory(of: hello, from: below)
    for chapter in project.table.chapters where chapter.state == .ready {
      announce(chapter.image)
      let image = try build.image(chapter.image)
      let number = chapter.number
      figures[Figure(number, Figure.image)] = try Self.size(of: image)
      figures[Figure(number, Figure.start)] = Int(
        clamping: try StartCost(of: image, with: toolbox).instructions())
      figures[Figure(number, Figure.memory)] = try smallestMemory(
        of: image, from: least)
    }
    for name in try measuringImages() {
      announce(name)
      for (figure, value) in try printed(by: name) {
        guard figures.updateValue(value, forKey: figure) == nil else {
          throw Failure("\(figure.title) is measured twice, also by \(name).")
        }
      }
    }
    return figures
  }

  /// With what is measured: `Swift 6.3.1, QEMU 7.2.22`.
  ///
  /// - Throws: ``Diagnosis`` or ``Interrupted``.
  public func tools() throws -> String {
    try [("Swift", Tool.swift, "Swift version"), ("QEMU", .qemu, "version")]
      .map { name, tool, marker in
        let text = try Command(toolbox.require(tool), ["--version"])
          .run(within: 20).text
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
  /// A program's machine. One that needs a disk gets it here.
  private func machine(_ image: URL) -> Machine {
    var machine = Machine(image: image)
    machine.hasVirtualTime = true
    return machine
  }

  private func outcome(
    of machine: Machine, seconds: Double
  ) throws -> Outcome {
    try Run(
      machine, with: toolbox, logFolder: project.logFolder, seconds: seconds
    ).outcome()
  }

  /// The names of the images that measure.
  private func measuringImages() throws -> [String] {
    let folder = project.root.appending(path: "Tests/Images")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("measure-") }.sorted()
  }

  /// What an image prints. The figures belong to the last chapter whose
  /// libraries it uses.
  private func printed(by name: String) throws -> [(Figure, Int)] {
    let image = try build.image(name)
    let outcome = try outcome(of: machine(image), seconds: 60)
    let judge = Judge(of: image, with: toolbox, status: 0)
    if let diagnosis = judge.diagnosis(of: outcome) { throw diagnosis }
    let source = try String(
      contentsOf: project.root.appending(
        path: "Tests/Images/\(name)/main.swift"), encoding: .utf8)
    let lines = source.split(separator: "\n")
    let chapter = project.table.libraries
      .filter { lines.contains("import \($0.name)") }.map(\.chapter).max()
    return FigureLines(outcome.transcript.kernelLines).figures
      .map { (Figure(chapter ?? 1, $0.name), $0.value) }
  }

  /// In KiB.
  private func smallestMemory(of image: URL, from least: Int) throws -> Int {
    let found = try SmallestMemory.search(from: least) { size in
      var machine = machine(image)
      machine.memory = "\(size)K"
      let outcome = try outcome(of: machine, seconds: 15)
      return outcome.end == .itself(.status(0))
    }
    guard let found else {
      throw Failure(
        "\(image.lastPathComponent) does not end with status 0 in any memory.")
    }
    return found
  }
}
