// SPDX-License-Identifier: BSD-3-Clause

import Foundation

@testable import Runner

/// What a machine had printed when its power was cut.
struct PowerCut {
  /// So long after the line that was waited for, in seconds. A busy computer
  /// takes longer.
  let delay: Double
  /// Whether there was a machine to cut off; it may have ended by itself.
  private(set) var wasRunning = false

  private var transcript = Transcript()
  private var complaints = ""
  private var hasEnded = false
  private var open = 2

  /// All that the kernel printed. The last line may lack its end.
  var text: String {
    transcript.kernelStart.map { start in
      String(decoding: transcript.bytes[start...], as: UTF8.self)
    } ?? ""
  }

  /// The lines that it printed to their end.
  var wholeLines: [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .dropLast().map(String.init)
  }
}

extension BuiltImage {
  /// Boots it, in real time, and kills QEMU at a random moment.
  ///
  /// What the device has said to be done is on the disk; of what was under way,
  /// any part may be.
  ///
  /// - Parameters:
  ///   - disks: Hold afterwards what was written until then.
  ///   - start: The time runs from the first line that begins so.
  ///   - delay: How long it may run, in seconds.
  ///   - patience: How long that line may take.
  /// - Returns: What was printed until then.
  /// - Throws: ``Failure`` if the line does not come; QEMU is killed then too.
  func cutPower(
    of disks: [TestDisk] = [], after start: String = "",
    within delay: ClosedRange<Double> = 0...0.1, patience: Double = 600
  ) throws -> PowerCut {
    let queue = EventQueue()
    let interruption = Interruption(reportingTo: queue)
    defer { withExtendedLifetime(interruption) {} }
    let child = try Child(
      Command(
        Toolbox().require(.qemu), machine(with: disks).commandLine),
      reportingTo: queue)
    defer {
      child.kill()
      child.closeInput()
    }
    var cut = PowerCut(delay: Double.random(in: delay))
    try cut.wait(for: start, queue, within: patience)
    try cut.kill(child, queue)
    return cut
  }
}

extension PowerCut {
  fileprivate init(delay: Double) { self.delay = delay }

  fileprivate mutating func wait(
    for start: String, _ queue: EventQueue, within patience: Double
  ) throws {
    let deadline = DispatchTime.now() + patience
    while !wholeLines.contains(where: { !$0.isEmpty && $0.hasPrefix(start) }) {
      guard try takeNext(queue, before: deadline) else {
        let words = String(decoding: transcript.bytes, as: UTF8.self)
        throw Failure("No line `\(start)…` came.", advice: words + complaints)
      }
    }
  }

  fileprivate mutating func kill(_ child: Child, _ queue: EventQueue) throws {
    let moment = DispatchTime.now() + delay
    while try takeNext(queue, before: moment) {}
    wasRunning = !hasEnded
    child.kill()
    let limit = DispatchTime.now() + 600
    while try takeNext(queue, before: limit) {}
  }

  /// Takes one event, if one comes in time, and QEMU has not closed all.
  private mutating func takeNext(
    _ queue: EventQueue, before deadline: DispatchTime
  ) throws -> Bool {
    guard open > 0 || !hasEnded, let event = queue.next(before: deadline)
    else { return false }
    switch event {
    case .output(let data):
      transcript.append(data)
      open -= data.isEmpty ? 1 : 0
    case .complaint(let data):
      complaints += String(decoding: data, as: UTF8.self)
      open -= data.isEmpty ? 1 : 0
    case .ended: hasEnded = true
    case .interrupted(let signal): throw Interrupted(signal: signal)
    case .typed: break
    }
    return true
  }
}
