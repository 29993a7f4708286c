// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// Many requests on their way to one device at once, by one thread.
///
///     let queue = RequestQueue(for: disk)
///     for request in requests { try queue.submit(request) }
///     while let done = queue.wait() { … done.error … }
///
/// Requests come back in the order in which the device finishes them.
public final class RequestQueue: Waitable, @unchecked Sendable {
  /// The device.
  public let device: BlockDevice
  /// How many requests the device has.
  public private(set) var inFlight = 0

  // Those that are finished, and not reaped yet.
  private var first: BlockRequest?
  private var last: BlockRequest?
  private var waiter: ThreadReference?
  /// When the request that was submitted last should be done.
  private var deadline = Instant.never

  /// A queue without requests.
  public init(for device: BlockDevice) {
    self.device = device
    super.init(kind: "disk requests")
  }

  /// Hands a request to the device. Returns at once.
  ///
  /// - Throws: What is wrong with it; it is not in the queue then.
  public func submit(_ request: BlockRequest) throws(BlockError) {
    inFlight &+= 1
    do throws(BlockError) {
      try request.submit(to: device, for: self)
    } catch {
      inFlight &-= 1
      throw error
    }
    deadline = request.deadline
  }

  /// The next request that is finished, or nil if none is now. A device that
  /// does not interrupt is asked.
  public func reap() -> BlockRequest? {
    let wereEnabled = Hart.disableInterrupts()
    if first == nil, inFlight > 0, device.needsPolling { device.poll() }
    let request = takeFirst()
    Dispatcher.leave(wereEnabled)
    return request
  }

  /// The next request that is finished; waits for it. Nil if the device has
  /// none.
  public func wait() -> BlockRequest? {
    let wereEnabled = Hart.disableInterrupts()
    while first == nil, inFlight > 0 { waitOnce(wereEnabled) }
    let request = takeFirst()
    Dispatcher.leave(wereEnabled)
    return request
  }

  /// Called when a request is finished, with interrupts off.
  func take(_ request: BlockRequest) {
    if let last { last.next = request } else { first = request }
    last = request
    inFlight &-= 1
    guard let waiter else { return }
    self.waiter = nil
    Dispatcher.with { _ = $0.wake(waiter) }
  }

  private func takeFirst() -> BlockRequest? {
    guard let request = first else { return nil }
    first = request.next
    if first == nil { last = nil }
    request.next = nil
    return request
  }

  private func waitOnce(_ wereEnabled: Bool) {
    if Hart.scheduler == 0 || device.needsPolling {
      device.poll()
      if first == nil, deadline <= .now { recover() }
      Hart.restoreInterrupts(wereEnabled)
      return _ = Hart.disableInterrupts()
    }
    precondition(waiter == nil, "two threads wait for one queue")
    let isInTime = Dispatcher.with { dispatcher in
      waiter = .runningThread
      return dispatcher.block(
        .runningThread, for: WaitReason(self), until: deadline)
    }
    guard !isInTime else { return }
    waiter = nil
    if first == nil, deadline <= .now { recover() }
  }

  private func recover() {
    device.recover()
    // What was started again has as long as at first.
    deadline = .now(plus: .seconds(1))
  }
}
