// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Interrupts
import Scheduling
import Virtio

/// A disk that speaks virtio (virtio 1.2, section "Block Device").
///
///     request ─▶ header ─▶ data ─▶ status     one chain of descriptors
///                device reads,     device writes the last,
///                or writes, these  and interrupts
///
/// Requests for which no descriptor is free wait in a list and follow by
/// themselves. A device that misbehaves is reset, and so is one that does not
/// answer; requests that were on their way are then tried again, or finish with
/// an error. A device that finishes requests, however slowly, does answer: a
/// reset would only throw its work away. Interrupts are off in all that
/// follows.
public final class VirtioBlock<Bus: RegisterBus>: BlockDevice,
  InterruptHandler, @unchecked Sendable
{
  /// What the device did that no device may do, the last time.
  public private(set) var lastMisbehaviour: VirtioError?
  /// How often it was reset while it had requests.
  public private(set) var resets = 0

  private let transport: VirtioTransport<Bus>
  private let headers: RequestHeaders
  private var queue: Virtqueue
  private var features: VirtioFeatures
  private let inFlight: InFlightTable
  /// How many of the requests are not in a ``RequestQueue``.
  private var single = 0
  /// After how many more requests the device interrupts.
  private var batch: UInt16 = 1
  private var waiting = RequestList()
  /// Requests that a device which cannot be reset may still write to.
  private var abandoned: [BlockRequest] = []
  private var isDead = false
  /// How long the device may finish nothing, in ticks.
  private let timeout: UInt64
  /// When the device has finished a request the last time, in ticks.
  private var lastProgress: UInt64 = 0
  private var hasInterrupts: Bool
  /// Whether an interrupt has come. Devices, boards and QEMU's second socket
  /// have been seen whose interrupts never do, whatever the tree says.
  private var hasInterrupted = false

  /// A disk behind `transport`.
  ///
  /// - Parameters:
  ///   - transport: The way to it.
  ///   - interrupts: Whether `handleInterrupt` is called when it
  ///     interrupts; it is polled otherwise.
  ///   - timeout: How long the device may finish none of its requests before
  ///     it is reset.
  ///   - queueSize: How many descriptors its queue has: a request takes three
  ///     or more. Rounded down to a power of two.
  /// - Throws: Why it cannot be used.
  public init(
    _ transport: VirtioTransport<Bus>, interrupts: Bool,
    timeout: TimeSpan = .seconds(10), queueSize: Int = 128
  ) throws(VirtioError) {
    guard transport.deviceID == 2 else {
      throw .otherDevice(transport.deviceID)
    }
    self.transport = transport
    let now = Instant.now
    // Half of what can be counted is for ever, and no sum with it wraps.
    self.timeout = min((now + timeout).ticks &- now.ticks, .max >> 1)
    hasInterrupts = interrupts
    features = try transport.begin(accepting: BlockFeature.all)
    queue = try Virtqueue(
      index: 0, size: queueSize, limit: try transport.queueSize(0),
      features: features)
    guard queue.size >= 4 else { throw .noQueue(0) }
    headers = try RequestHeaders(count: queue.size)
    inFlight = InFlightTable(count: queue.size)
    super.init(
      geometry: try transport.readGeometry(features, queue.size))
    begin()
  }

  deinit {
    do throws(VirtioError) {
      try transport.reset()
      var requests = inFlight.takeAll()
      while let request = requests.removeFirst() { request.finish(.broken) }
    } catch {
      // The device may write into all of it for ever.
      queue.leak()
      headers.leak()
      for one in abandoned { unsafe _ = Unmanaged.passRetained(one) }
    }
    while let request = waiting.removeFirst() { request.finish(.broken) }
  }

  @inline(never)
  private func begin() {
    transport.setUp(queue)
    if !hasInterrupts { queue.suppressInterrupts() }
    transport.finish()
  }

  /// From now on, the disk is polled: its interrupts reach no handler.
  public func giveUpInterrupts() {
    hasInterrupts = false
    queue.suppressInterrupts()
  }

  /// Whether it was not given an interrupt.
  public override var needsPolling: Bool { !hasInterrupts }

  public override var isUnheard: Bool {
    !hasInterrupts || !hasInterrupted
  }

  /// Whether it has requests. A disk that has none says nothing of itself that
  /// a thread could wait for.
  public var mayInterrupt: Bool {
    hasInterrupts && (queue.chainsInFlight > 0 || !waiting.isEmpty)
  }

  // MARK: - To the device

  @_optimize(speed)
  public override func start(_ request: BlockRequest, at sector: UInt64) {
    request.startSector = sector
    guard !isDead else { return request.finish(.broken) }
    // Whatever such a device has finished lasts already.
    if request.operation == .flush, !geometry.cachesWrites {
      return request.finish()
    }
    if needsTable(request), request.tableMemory() == nil {
      return request.finish(.outOfMemory)
    }
    guard waiting.isEmpty, send(request) else { return sendLater(request) }
    // The device may not have been asked to interrupt for so few.
    if batch > 1, request.isSingle, requestInterrupt() { look() }
  }

  @_optimize(speed)
  public override func push() {
    if queue.hasUnpublished, queue.publish() { transport.notify(0) }
  }

  /// Has a request wait for its turn. It has a deadline as well: its waiter
  /// must recover those before it if the device does not finish them.
  private func sendLater(_ request: BlockRequest) {
    request.deadline = Instant(ticks: Hart.time &+ timeout)
    waiting.append(request)
  }

  /// Puts a request into the queue, if there is room.
  @_optimize(speed)
  private func send(_ request: BlockRequest) -> Bool {
    guard let head = makeChain(request) else { return false }
    inFlight.put(request, at: head)
    if request.isSingle { single &+= 1 }
    request.attempts &+= 1
    request.seenBefore = queue.seen
    request.deadline = Instant(ticks: Hart.time &+ timeout)
    return true
  }

  @inline(__always)
  private func makeChain(_ request: BlockRequest) -> UInt16? {
    let operation = request.operation
    guard request.segmentCount == 1, !operation.hasRange else {
      return makeUnusualChain(request)
    }
    guard var chain = queue.beginChain(3) else { return nil }
    let head = chain.head
    let header = headers.prepare(head, for: request)
    chain.append(header, count: 16, isWritable: false)
    chain.append(
      request.address, count: UInt32(truncatingIfNeeded: request.size),
      isWritable: operation.isReading)
    chain.append(header &+ 32, count: 1, isWritable: true)
    queue.add(chain)
    return head
  }

  // MARK: - From the device

  @_optimize(speed)
  public func handleInterrupt() {
    Dispatcher.noteDeviceInterrupt()
    hasInterrupted = true
    let reason = transport.acknowledgeInterrupt()
    if !isDead, reason.hasChangedConfiguration { configurationChanged() }
    look()
  }

  public override func poll() { look() }

  @inline(never) @_optimize(speed)
  private func look() {
    guard !isDead else { return }
    repeat {
      takeUsed()
      if !waiting.isEmpty { startWaiting() }
      // A thread may wait for one of those that were started now.
    } while batch > 1 && single > 0 && requestInterrupt()
  }

  @inline(__always)
  private func takeUsed() {
    let before = queue.seen
    // Whatever it has finished, the device is alive.
    defer { if queue.seen != before { lastProgress = Hart.time } }
    do throws(VirtioError) {
      repeat {
        while let used = try queue.takeUsed() { try complete(used) }
      } while requestInterrupt()
    } catch {
      misbehaved(error)
    }
  }

  /// Has the device interrupt when it is worth the trouble: for each request
  /// that a thread waits for, and for a quarter of those that are in queues.
  ///
  /// - Returns: Whether so much is done already.
  @_optimize(speed)
  private func requestInterrupt() -> Bool {
    guard hasInterrupts else { return false }
    batch =
      single > 0 ? 1 : UInt16(truncatingIfNeeded: queue.chainsInFlight >> 2)
    batch = max(batch, 1)
    return queue.requestInterrupt(after: batch)
  }

  @inline(__always)
  private func complete(_ used: Virtqueue.UsedChain) throws(VirtioError) {
    // Before it is taken out, so that it is still there if the device lies.
    let error = try outcome(used.head)
    guard let request = inFlight.take(used.head) else {
      throw .notInFlight(UInt32(used.head))
    }
    if request.isSingle { single &-= 1 }
    request.finish(error)
  }

  /// What the device says of a request: its status, which the driver had set to
  /// what no device writes. The length in the used ring is not asked: devices
  /// of both versions tell it too small and too large, and their data is right.
  @inline(__always)
  private func outcome(_ head: UInt16) throws(VirtioError) -> BlockError? {
    switch headers.statusByte(head) {
    case BlockStatus.ok: return nil
    case BlockStatus.failed: return .failed
    case BlockStatus.unsupported: return .unsupported
    case let other: throw .unknownStatus(other)
    }
  }

  @inline(never)
  private func startWaiting() {
    while waiting.withFirst({ send($0) }) { _ = waiting.removeFirst() }
    push()
  }

  @inline(never)
  private func configurationChanged() {
    if transport.needsReset { return misbehaved(.needsReset) }
    do throws(VirtioError) {
      geometry = try transport.readGeometry(features, queue.size)
    } catch {
      misbehaved(error)
    }
  }

  // MARK: - When it goes wrong

  public override func recover() {
    look()
    let now = Instant.now
    let later = Instant(ticks: now.ticks &+ timeout)
    waiting.forEach { if $0.deadline <= now { $0.deadline = later } }
    guard inFlight.contains(where: { $0.deadline <= now }) else { return }
    let limit = Instant(ticks: lastProgress &+ timeout)
    guard limit > now, !hasForgotten(now) else { return restart() }
    inFlight.forEach { if $0.deadline <= now { $0.deadline = limit } }
  }

  /// Whether the device works, but not on a request whose time is over: it has
  /// finished so many others since that it would have had its turn in any order
  /// that is fair. The count wraps round, and may look small in one of four
  /// looks or fewer; the next look finds out.
  private func hasForgotten(_ now: Instant) -> Bool {
    let many = 16 &* queue.size
    return inFlight.contains { request in
      request.deadline <= now && Int(queue.seen &- request.seenBefore) >= many
    }
  }

  @inline(never)
  private func misbehaved(_ error: VirtioError) {
    lastMisbehaviour = error
    restart(failing: .broken)
  }

  /// Resets the device. The requests that were on their way finish with
  /// `error`, or are started again if it is nil: each up to three times.
  @inline(never)
  private func restart(failing error: BlockError? = nil) {
    resets += 1
    (single, batch) = (0, 1)
    var requests = inFlight.takeAll()
    do throws(VirtioError) {
      features = try transport.begin(
        requiring: features, accepting: .none)
      queue.forget()
      guard try transport.queueSize(0) >= queue.size else {
        throw .noQueue(0)
      }
      geometry = try transport.readGeometry(features, queue.size)
      begin()
    } catch {
      return die(error, requests)
    }
    while let request = requests.removeFirst() {
      if error != nil || request.attempts >= 3 {
        request.finish(error ?? .timedOut)
      } else {
        sendLater(request)
      }
    }
    startWaiting()
  }

  /// The device cannot be used any more.
  @inline(never)
  private func die(_ error: VirtioError, _ requests: consuming RequestList) {
    lastMisbehaviour = error
    isDead = true
    // What it was not told of yet, it never will be.
    queue.forget()
    while let request = requests.removeFirst() {
      if error == .resetFailed { abandoned.append(request) }
      request.finish(.broken)
    }
    while let request = waiting.removeFirst() { request.finish(.broken) }
  }
}

extension VirtioBlock {
  private func needsTable(_ request: BlockRequest) -> Bool {
    request.segmentCount > 1 && features.contains(.indirect)
  }

  /// The chain of a request that has no memory, or much. What is much goes
  /// into a table, and so into one descriptor.
  @inline(never)
  private func makeUnusualChain(_ request: BlockRequest) -> UInt16? {
    let table = needsTable(request) ? request.tableMemory() : nil
    let count = request.partCount
    guard var chain = queue.beginChain(table == nil ? count : 1) else {
      return nil
    }
    let header = headers.prepareUnusual(chain.head, for: request)
    if let table {
      chain.append(request.makeTable(in: table, header))
    } else {
      for index in 0..<count {
        let part = request.part(index, header)
        chain.append(
          part.address, count: part.size, isWritable: part.isWritable)
      }
    }
    let head = chain.head
    queue.add(chain)
    return head
  }
}
