// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation

/// How a machine came to its end.
public struct Outcome: Sendable {
  /// What put an end to it.
  public enum End: Equatable, Sendable {
    /// It ended by itself.
    case itself(Ending)
    /// It took too long, and the hart was here: the program counter, then the
    /// return addresses.
    case timeOut(seconds: Double, backtrace: [UInt64])
    /// It started again.
    case reboot
    /// What it prints could not be shown any more.
    case unseen
    /// It printed more than so many bytes.
    case flood(bytes: Int)
  }

  /// Everything that it printed.
  public var transcript = Transcript()
  /// Where what the machine writes found no room on this computer: a disk's
  /// image, or the disk's id where that is not the machine's.
  public var fullDisk: String?
  /// What QEMU itself complained about.
  public var complaints = ""
  /// What put an end to it.
  public var end: End = .itself(.status(0))
  /// The whole of it, on disk.
  public var log: URL?

  /// Nothing has been printed yet.
  public init() {}
}

/// Boots a machine once, and always ends it: by its own will, at the time-out,
/// at the first sign of a reboot, when it prints without end, or when the user
/// asks.
public struct Run {
  /// What to boot.
  public var machine: Machine
  /// Ended after so many seconds; 0 for never.
  public var seconds: Double
  /// Ended after it has printed so many bytes; nil for never.
  public var mostBytes: Int?
  /// Typed as soon as the kernel runs.
  public var typed = ""
  /// Shows what is printed, as it comes.
  public var screen: Screen?
  /// For tests: the time-out comes as soon as this was printed, however slow
  /// the computer is.
  var timeOutAfter: String?
  /// Hands on what the user types.
  public var hasKeyboard = false

  /// How long QEMU may take to say where the hart is.
  var monitorSeconds = 10.0

  private let toolbox: Toolbox
  private let logFolder: URL

  /// - Parameters:
  ///   - machine: What to boot.
  ///   - toolbox: Finds QEMU.
  ///   - logFolder: Keeps what is printed.
  ///   - seconds: Ended after so many; 0 for never.
  public init(
    _ machine: Machine, with toolbox: Toolbox, logFolder: URL, seconds: Double
  ) {
    self.machine = machine
    self.toolbox = toolbox
    self.logFolder = logFolder
    self.seconds = seconds
  }

  /// Boots the machine and waits for its end.
  ///
  /// - Returns: What happened.
  /// - Throws: ``Diagnosis`` if it cannot start, or ``Interrupted``.
  public func outcome() throws -> Outcome {
    guard FileManager.default.fileExists(atPath: machine.image.path) else {
      throw Diagnosis.imageMissing(machine.image)
    }
    let emulator = try toolbox.require(.qemu)
    let log = try RunLog(of: machine.image.lastPathComponent, in: logFolder)
    let reports = HostReports(at: log.path.path)
    let command = Command(
      emulator, machine.commandLine + (reports?.commandLine ?? []))
    log.write(line: "$ " + command.line)
    let queue = EventQueue()
    let interruption = Interruption(reportingTo: queue)
    let reads = hasKeyboard && Keyboard.mayRead
    let keyboard = reads ? Keyboard() : nil
    defer { withExtendedLifetime((interruption, keyboard)) {} }
    if reads { queue.relay(.standardInput) { .typed($0) } }
    var session = Session(
      run: self, child: try Child(command, reportingTo: queue), queue: queue,
      log: log)
    var outcome = try session.perform()
    outcome.fullDisk = (reports?.fullDisks().first).map(machine.path(ofDisk:))
    return outcome
  }
}

/// The loop of one run.
private struct Session {
  let run: Run
  let child: Child
  let queue: EventQueue
  let log: RunLog

  private var outcome = Outcome()
  private var screen: Screen?
  /// Not sent before the kernel runs: the firmware empties the UART.
  private var waiting: Data
  private var ending: Ending?
  private var open = 2
  private var isOver = false

  init(run: Run, child: Child, queue: EventQueue, log: RunLog) {
    self.run = run
    self.child = child
    self.queue = queue
    self.log = log
    screen = run.screen
    waiting = Data(run.typed.utf8)
    outcome.log = log.path
  }

  mutating func perform() throws -> Outcome {
    let limit: DispatchTime =
      run.seconds > 0 ? .now() + run.seconds : .distantFuture
    defer {
      screen?.finish()
      child.closeInput()
    }
    while !isOver, open > 0 || ending == nil {
      let deadline = ending == nil ? limit : .now() + 10
      guard let event = queue.next(before: deadline) else {
        if ending == nil { timeOut() }
        break
      }
      try handle(event)
    }
    if let ending, !isOver { outcome.end = .itself(ending) }
    log.write(line: "\n[\(outcome.end)]\n" + outcome.complaints)
    return outcome
  }

  private mutating func handle(_ event: Event) throws {
    switch event {
    case .output(let data) where data.isEmpty: open -= 1
    case .output(let data): show(data)
    case .complaint(let data):
      open -= data.isEmpty ? 1 : 0
      outcome.complaints += String(decoding: data, as: UTF8.self)
    case .typed(let data):
      waiting += data
      sendWaiting()
    case .ended(let ending): self.ending = ending
    case .interrupted(let signal):
      stop()
      throw Interrupted(signal: signal)
    }
  }

  private mutating func show(_ data: Data) {
    outcome.transcript.append(data)
    log.write(data)
    let isRead = screen?.show(data, of: outcome.transcript) ?? true
    sendWaiting()
    let isFlood = outcome.transcript.bytes.count > run.mostBytes ?? .max
    if !isRead { outcome.end = .unseen }
    if isFlood { outcome.end = .flood(bytes: run.mostBytes ?? 0) }
    if outcome.transcript.rebooted { outcome.end = .reboot }
    guard outcome.transcript.rebooted || isFlood || !isRead else {
      if let words = run.timeOutAfter.map({ Data($0.utf8) }),
        outcome.transcript.bytes.suffix(data.count + words.count)
          .range(of: words) != nil
      {
        timeOut()
      }
      return
    }
    isOver = true
    stop()
  }

  private mutating func sendWaiting() {
    guard outcome.transcript.kernelStart != nil, !waiting.isEmpty else {
      return
    }
    child.type(waiting)
    waiting = Data()
  }

  private mutating func timeOut() {
    let backtrace = Monitor(child, queue, within: run.monitorSeconds)
      .backtrace()
    outcome.end = .timeOut(seconds: run.seconds, backtrace: backtrace)
    isOver = true
    stop()
  }

  /// Lets QEMU close its disks; after a second it has to go.
  private func stop() {
    child.end()
    if hasEnded(within: 1) { return }
    child.kill()
    _ = hasEnded(within: 1)
  }

  private func hasEnded(within seconds: Double) -> Bool {
    let deadline = DispatchTime.now() + seconds
    while let event = queue.next(before: deadline) {
      if case .ended = event { return true }
    }
    return false
  }
}
