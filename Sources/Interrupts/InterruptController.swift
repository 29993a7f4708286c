// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Brings each source's interrupts to the handler that is attached to it.
///
/// A value of its own, so that tests can give it a simulated PLIC; the board's
/// is reached through ``Interrupts``. Handlers are attached with interrupts
/// off, and called so.
public final class InterruptController<Bus: RegisterBus> {
  /// What has come so far.
  public private(set) var counts = InterruptCounts()

  /// How many interrupts are served before the hart goes on with its work.
  private static var patience: Int { 1000 }

  private let plic: PLIC<Bus>
  /// The handler of each source, by its number.
  private var handlers: [(any InterruptHandler)?]

  /// A controller without handlers.
  public init(_ plic: PLIC<Bus>) {
    self.plic = plic
    handlers = Array(repeating: nil, count: Int(plic.sourceCount) + 1)
  }

  /// From now on, has `handler` serve the interrupts of `source`.
  ///
  /// - Parameters:
  ///   - handler: Who serves the device.
  ///   - source: The source's number at the PLIC.
  ///   - priority: How urgent it is, from 1 to 7.
  /// - Throws: `noSuchSource` or `isTaken`.
  public func attach(
    _ handler: any InterruptHandler, to source: UInt32, priority: UInt32 = 1
  ) throws(InterruptError) {
    guard plic.hasSource(source) else { throw .noSuchSource(source) }
    guard handlers[Int(source)] == nil else { throw .isTaken(source) }
    handlers[Int(source)] = handler
    plic.setPriority(priority, of: source)
    plic.enable(source)
  }

  /// Turns a source off, and forgets its handler if it has one.
  public func detach(from source: UInt32) {
    guard plic.hasSource(source) else { return }
    plic.disable(source)
    plic.setPriority(0, of: source)
    handlers[Int(source)] = nil
  }

  /// Serves every source that waits. Called when this hart is interrupted by
  /// a device.
  public func serve() {
    var source = plic.claim()
    guard source != 0 else {
      counts.spurious &+= 1
      return
    }
    var left = Self.patience
    while source != 0 {
      serve(source)
      complete(source)
      left &-= 1
      guard left > 0 else { return silence(source) }
      source = plic.claim()
    }
  }

  /// A device that interrupts again and again, whatever its driver does, would
  /// keep the hart for itself. Its source is turned off.
  private func silence(_ source: UInt32) {
    counts.storms &+= 1
    if plic.hasSource(source) { plic.disable(source) }
  }

  private func serve(_ source: UInt32) {
    let index = Int(source)
    guard index < handlers.count, let handler = handlers[index] else {
      return counts.unclaimed &+= 1
    }
    counts.served &+= 1
    handler.handleInterrupt()
  }

  /// Says that a source is served. Without a handler, nobody can make the device
  /// quiet: the source is turned off, or it would interrupt for ever.
  private func complete(_ source: UInt32) {
    guard plic.hasSource(source), handlers[Int(source)] == nil else {
      return plic.complete(source)
    }
    // The completion of a source that is not enabled is ignored, and the source
    // silent for ever; its handler may have detached itself (PLIC
    // specification 1.0.0, chapter "Interrupt Completion").
    plic.enable(source)
    plic.complete(source)
    plic.disable(source)
  }
}
