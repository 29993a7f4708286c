// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Looks at everything that the course needs on this machine.
public struct Doctor {
  /// What one look has shown.
  public struct Finding: Equatable, Sendable {
    /// What was looked at.
    public let subject: String
    /// What was found, or what is wrong.
    public let words: String
    /// What to do about it; nil if all is well.
    public var advice: String?
    /// Whether the course cannot do without.
    public var isNeeded = true
  }

  private let project: Project
  private let toolbox: Toolbox

  /// - Parameters:
  ///   - project: Where there must be room to build.
  ///   - toolbox: Finds the programs.
  public init(of project: Project, with toolbox: Toolbox) {
    self.project = project
    self.toolbox = toolbox
  }

  /// Everything, one after the other.
  ///
  /// - Parameter tell: Called with each finding as soon as it is there.
  /// - Returns: Whether everything that is needed is well.
  /// - Throws: ``Interrupted``.
  public func examine(_ tell: (Finding) -> Void) throws -> Bool {
    var isWell = true
    let looks =
      tools.map { tool in { try look(at: tool) } }
      + [lookAtFirmware, lookAtTimebase, lookAtDisk]
    for look in looks {
      let finding = try look()
      tell(finding)
      if finding.advice != nil, finding.isNeeded { isWell = false }
    }
    return isWell
  }

  /// One line, and a second one with what to do.
  public static func lines(_ finding: Finding) -> [String] {
    let subject = finding.subject.padding(
      toLength: 20, withPad: " ", startingAt: 0)
    guard let advice = finding.advice else {
      return ["✓ \(subject) \(finding.words)"]
    }
    let use = finding.isNeeded ? "" : " (the chapters run without it)"
    return ["✗ \(subject) \(finding.words)\(use)", "    \(advice)"]
  }
}

// MARK: - Programs

extension Doctor {
  /// Only the book needs Python, and the chapters' branches have no book.
  private var tools: [Tool] {
    let book = project.root.appending(path: "book").path
    let hasBook = FileManager.default.fileExists(atPath: book)
    return Tool.allCases.filter { $0 != .python || hasBook }
  }

  private func look(at tool: Tool) throws -> Finding {
    let isNeeded = ![
      .debugger, .symbolLister, .deviceTreeCompiler, .shellcheck, .python,
    ].contains(tool)
    do {
      let path = try toolbox.require(tool)
      let version = try version(of: path)
      try Self.check(tool, version)
      let words = "\(version.map(\.description) ?? "found")  \(path.path)"
      return Finding(
        subject: tool.rawValue, words: words, isNeeded: isNeeded)
    } catch let problem as Diagnosis {
      return Finding(
        subject: tool.rawValue, words: problem.statement,
        advice: problem.advice, isNeeded: isNeeded)
    }
  }

  private func version(of path: URL) throws -> ToolVersion? {
    let answer = try Command(path, ["--version"]).run(within: 120)
    return ToolVersion(in: answer.text + answer.complaint)
  }

  static func check(_ tool: Tool, _ found: ToolVersion?) throws(Diagnosis) {
    guard let needed = tool.minimum, let found, found < needed else { return }
    throw .toolTooOld(tool, found: found, needed: needed)
  }
}

// MARK: - The machine

extension Doctor {
  /// Boots the firmware alone: it says where it would go on, and goes there.
  private func lookAtFirmware() throws -> Finding {
    guard let emulator = toolbox.find(.qemu) else { return noEmulator }
    let arguments = [
      "-machine", "virt", "-nographic", "-nic", "none", "-monitor", "none",
    ]
    let answer = try Command(emulator, arguments).firstLine(
      startingWith: "OpenSBI v", within: 60)
    guard let line = answer.line else {
      return Finding(
        subject: "firmware", words: "no sign of it. \(answer.complaint)",
        advice: "Install OpenSBI: `sudo apt install opensbi`; "
          + "QEMU from brew brings it.")
    }
    return Finding(subject: "firmware", words: "\(line) boots")
  }

  /// Every clock of the course counts in this unit.
  private func lookAtTimebase() throws -> Finding {
    guard let emulator = toolbox.find(.qemu) else { return noEmulator }
    let file = FileManager.default.temporaryDirectory
      .appending(path: "swiftkraft-\(UUID().uuidString).dtb")
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try Command(
      emulator, ["-machine", "virt,dumpdtb=\(file.path)", "-nic", "none"]
    ).run(within: 60)
    let tree = try? Data(contentsOf: file)
    guard let timebase = tree.flatMap(Self.timebase) else {
      return Finding(
        subject: "device tree", words: "names no timebase",
        advice: "Install QEMU anew: `make setup`.")
    }
    return Finding(
      subject: "device tree", words: "timebase \(timebase / 1_000_000) MHz",
      advice: timebase == 10_000_000
        ? nil : "The book's figures assume 10 MHz; yours will differ.",
      isNeeded: false)
  }

  /// The first property whose length is 4 and whose name stands at the offset
  /// of `timebase-frequency` among the tree's strings (Devicetree
  /// Specification 0.4, chapter 5).
  static func timebase(in tree: Data) -> Int? {
    let words = tree.bigEndianWords
    guard words.count > 10, words[0] == 0xD00D_FEED,
      let name = tree.range(of: Data("timebase-frequency\0".utf8))
    else { return nil }
    let offset = UInt32(name.lowerBound) &- words[3]
    let start = Int(words[2] / 4)
    for place in start..<max(start, words.count - 3)
    where words[place] == 3 && words[place + 1] == 4
      && words[place + 2] == offset
    {
      return Int(words[place + 3])
    }
    return nil
  }

  private func lookAtDisk() -> Finding {
    let values = try? FileManager.default.attributesOfFileSystem(
      forPath: project.root.path)
    let free = (values?[.systemFreeSize] as? Int ?? 0) / 1_000_000
    return Finding(
      subject: "disk", words: "\(free) MB free",
      advice: free >= 1000
        ? nil : "Builds need about 1000 MB. `make clean` frees old ones.")
  }

  private var noEmulator: Finding {
    let problem = Diagnosis.toolMissing(.qemu)
    return Finding(
      subject: "machine", words: "QEMU is missing", advice: problem.advice)
  }
}

extension Data {
  fileprivate var bigEndianWords: [UInt32] {
    stride(from: startIndex, to: endIndex - 3, by: 4).map { place in
      self[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }
}

extension Command {
  /// Runs a program that never ends until it has printed a certain line.
  fileprivate func firstLine(
    startingWith start: String, within seconds: Double
  ) throws -> (line: String?, complaint: String) {
    let queue = EventQueue()
    let interruption = Interruption(reportingTo: queue)
    defer { withExtendedLifetime(interruption) {} }
    let child = try Child(self, reportingTo: queue)
    defer { child.kill() }
    let deadline = DispatchTime.now() + seconds
    var (output, complaints) = (Data(), Complaints())
    while let event = queue.next(before: deadline) {
      switch event {
      case .output(let data): output += data
      case .complaint(let data): complaints.add(data)
      case .interrupted(let signal): throw Interrupted(signal: signal)
      case .ended: return (nil, complaints.lastWords(from: queue))
      case .typed: break
      }
      // Only whole lines.
      let lines = String(decoding: output, as: UTF8.self)
        .split(whereSeparator: \.isNewline).dropLast()
      if let line = lines.first(where: { $0.hasPrefix(start) }) {
        return (String(line), "")
      }
    }
    return (nil, "")
  }
}
