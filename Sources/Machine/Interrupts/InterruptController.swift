// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Brings each source's interrupts to the handler that is attached to it.
///
/// A value of its own, so that tests can give it a simulated PLIC; the board's
/// is reached through ``Interrupts``. Handlers are attached with interrupts
/// off, and called so.
///
/// A board may have several controllers that reach this hart, such as one for
/// each socket. They stand in a chain, and the first serves for all.
public final class InterruptController<Bus: RegisterBus> {
  /// What the device tree calls it by: its phandle.
  public let identifier: UInt32?

  private var ownCounts = InterruptCounts()
  /// Another one that interrupts this hart.
  private var next: InterruptController?

  /// How many interrupts are served before the hart goes on with its work.
  private static var patience: Int { 1000 }

  private let plic: PLIC<Bus>
  /// The handler of each source, by its number.
  private var handlers: [(any InterruptHandler)?]

  /// A controller without handlers.
  ///
  /// - Parameters:
  ///   - plic: The way to it.
  ///   - identifier: Its phandle in the device tree.
  public init(_ plic: PLIC<Bus>, identifier: UInt32? = nil) {
    self.plic = plic
    self.identifier = identifier
    handlers = Array(repeating: nil, count: Int(plic.sourceCount) + 1)
  }

  // MARK: - The chain

  /// What has come so far, at this controller and those behind it.
  public var counts: InterruptCounts {
    var sum = next?.counts ?? InterruptCounts()
    sum.add(ownCounts)
    return sum
  }

  /// Has `other` served when this controller has nothing to serve.
  public func append(_ other: InterruptController) {
    if let next { return next.append(other) }
    next = other
  }

  /// The controller of this chain that the device tree knows as `identifier`,
  /// or nil.
  public func controller(_ identifier: UInt32?) -> InterruptController? {
    self.identifier == identifier ? self : next?.controller(identifier)
  }

  /// Whether a device of the chain may interrupt so that a thread gets ready.
  public var mayInterrupt: Bool {
    for handler in handlers where handler?.mayInterrupt == true { return true }
    return next?.mayInterrupt ?? false
  }

  // MARK: - Handlers

  /// From now on, has `handler` serve the interrupts of `source`.
  ///
  /// - Parameters:
  ///   - handler: The driver that serves the device.
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
      if let next { return next.serve() }
      ownCounts.spurious &+= 1
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
    ownCounts.storms &+= 1
    if plic.hasSource(source) { plic.disable(source) }
  }

  private func serve(_ source: UInt32) {
    let index = Int(source)
    guard index < handlers.count, let handler = handlers[index] else {
      return ownCounts.unhandled &+= 1
    }
    ownCounts.served &+= 1
    handler.handleInterrupt()
  }

  /// Completes the interrupt of a source. Without a handler the device would
  /// not stop asserting it: such a source is turned off.
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
