// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// Many requests on their way to one device at once, by one thread.
///
///     let queue = RequestQueue(for: disk)
///     for request in requests { try queue.add(request) }
///     while let done = queue.wait() { … done.error … }
///
/// Requests come back in the order in which the device finishes them. The
/// device is told of those that were added when the thread waits or calls
/// ``push()``: once for many, which is most of what makes many cheap.
public final class RequestQueue: @unchecked Sendable {
  /// The device.
  public let device: BlockDevice
  /// How many requests the device has.
  public private(set) var inFlight = 0

  // Those that are finished, and not reaped yet.
  private var finished = RequestList()
  private let waiters = WaitQueue(kind: "disk requests")
  /// When the request that was submitted last should be done.
  private var deadline = Instant.never

  /// A queue without requests.
  public init(for device: BlockDevice) {
    self.device = device
  }

  /// Adds a request to those that the device gets next. Returns at once.
  ///
  /// - Throws: What is wrong with it; it is not in the queue then.
  @_optimize(speed)
  public func add(_ request: BlockRequest) throws(BlockError) {
    // The device's interrupt changes what this changes.
    let wereEnabled = Hart.disableInterrupts()
    begin()
    do throws(BlockError) {
      try request.enter(device, for: self)
    } catch {
      end()
      Dispatcher.endCriticalSection(wereEnabled)
      throw error
    }
    // One that is finished already says nothing of those before it.
    if request.isInFlight { deadline = request.deadline }
    Dispatcher.endCriticalSection(wereEnabled)
  }

  // While a device has requests of it, a queue keeps itself alive.

  private func begin() {
    if inFlight == 0 { unsafe _ = Unmanaged.passRetained(self) }
    inFlight &+= 1
  }

  private func end() {
    inFlight &-= 1
    if inFlight == 0 { unsafe Unmanaged.passUnretained(self).release() }
  }

  /// Has the device begin with all requests that were added.
  public func push() {
    let wereEnabled = Hart.disableInterrupts()
    device.push()
    Dispatcher.endCriticalSection(wereEnabled)
  }

  /// Hands a request to the device at once.
  ///
  /// - Throws: What is wrong with it; it is not in the queue then.
  public func submit(_ request: BlockRequest) throws(BlockError) {
    try add(request)
    push()
  }

  /// The next request that is finished, or nil if none is now.
  public func reap() -> BlockRequest? {
    let wereEnabled = Hart.disableInterrupts()
    if finished.isEmpty, inFlight > 0 { look() }
    let request = takeFirst()
    Dispatcher.endCriticalSection(wereEnabled)
    return request
  }

  /// The next request that is finished; waits for it. Nil if the device has
  /// none.
  @_optimize(speed)
  public func wait() -> BlockRequest? {
    let wereEnabled = Hart.disableInterrupts()
    var pause = PollingPause()
    while finished.isEmpty, inFlight > 0 {
      // The device may have finished some, and see no reason to interrupt yet.
      look()
      if finished.isEmpty { waitOnce(wereEnabled, &pause) }
    }
    let request = takeFirst()
    Dispatcher.endCriticalSection(wereEnabled)
    return request
  }

  private func takeFirst() -> BlockRequest? {
    let request = finished.removeFirst()
    request?.isUnreaped = false
    return request
  }

  deinit {
    while let request = finished.removeFirst() { request.isUnreaped = false }
  }

  /// Called when a request is finished, with interrupts off.
  @_optimize(speed)
  func take(_ request: BlockRequest) {
    request.isUnreaped = true
    finished.append(request)
    defer { end() }
    guard !waiters.isEmpty else { return }
    Dispatcher.with { _ = waiters.wakeFirst($0) }
  }

  private func look() {
    device.push()
    device.poll()
  }

  private func waitOnce(_ wereEnabled: Bool, _ pause: inout PollingPause) {
    guard Hart.scheduler != 0 else {
      if deadline <= .now { recover() }
      Hart.restoreInterrupts(wereEnabled)
      return _ = Hart.disableInterrupts()
    }
    let end = device.isUnheard ? min(deadline, pause.next()) : deadline
    precondition(waiters.isEmpty, "two threads wait for one queue")
    let isInTime = Dispatcher.with { waiters.sleep($0, until: end) }
    if isInTime { return }
    if finished.isEmpty, deadline <= .now { recover() }
  }

  private func recover() {
    device.recover()
    // Until the next look: the device has its own time-out.
    deadline = .now(plus: .seconds(1))
  }
}
