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
/// an error. Interrupts are off in all that follows.
public final class VirtioBlock<Bus: RegisterBus>: BlockDevice,
  InterruptHandler, @unchecked Sendable
{
  /// What the device did that no device may do, the last time.
  public private(set) var lastMisbehaviour: VirtioError?
  /// How often it was reset while it had requests.
  public private(set) var resets = 0

  private let transport: VirtioTransport<Bus>
  private let notes: RequestNotes
  private var queue: Virtqueue
  private var features: VirtioFeatures
  /// The request of each chain, by the chain's number.
  private var inFlight: [BlockRequest?]
  private var waiting = RequestList()
  /// Requests that a device which cannot be reset may still write to.
  private var abandoned: [BlockRequest] = []
  private var isDead = false
  private let patience: TimeSpan
  private let hasInterrupts: Bool

  /// A disk behind `transport`.
  ///
  /// - Parameters:
  ///   - transport: The way to it.
  ///   - interrupts: Whether somebody calls `handleInterrupt` when it
  ///     interrupts; it is polled otherwise.
  ///   - patience: How long a request may take before the device is reset.
  ///   - queueSize: How many descriptors its queue has: a request takes three
  ///     or more. Rounded down to a power of two.
  /// - Throws: Why it cannot be used.
  public init(
    _ transport: VirtioTransport<Bus>, interrupts: Bool,
    patience: TimeSpan = .seconds(10), queueSize: Int = 128
  ) throws(VirtioError) {
    guard transport.deviceID == 2 else {
      throw .otherDevice(transport.deviceID)
    }
    self.transport = transport
    self.patience = patience
    hasInterrupts = interrupts
    features = try transport.begin(accepting: BlockFeature.all)
    queue = try Virtqueue(
      index: 0, size: queueSize, limit: try transport.queueSize(0),
      features: features)
    guard queue.size >= 4 else { throw .noQueue(0) }
    notes = try RequestNotes(count: queue.size)
    inFlight = Array(repeating: nil, count: queue.size)
    super.init(
      geometry: try transport.readGeometry(features, queue.size))
    begin()
  }

  deinit { try? transport.reset() }

  private func begin() {
    transport.setUp(queue)
    if !hasInterrupts { queue.suppressInterrupts() }
    transport.finish()
  }

  /// Whether it was not given an interrupt.
  public override var needsPolling: Bool { !hasInterrupts }

  // MARK: - To the device

  public override func start(_ request: BlockRequest, at sector: UInt64) {
    request.startSector = sector
    guard !isDead else { return request.finish(.broken) }
    if request.operation == .flush, !features.contains(BlockFeature.flush) {
      // Without the feature, whatever the device has finished lasts.
      return request.finish()
    }
    guard waiting.isEmpty, send(request) else {
      return waiting.append(request)
    }
    if queue.publish() { transport.notify(0) }
  }

  /// Puts a request into the queue, if there is room.
  private func send(_ request: BlockRequest) -> Bool {
    let isLong = request.segmentCount > 1
    let head =
      isLong && features.contains(.indirect)
      ? sendTable(request) : sendChain(request)
    guard let head else { return false }
    inFlight[Int(head)] = request
    request.attempts &+= 1
    request.deadline = .now(plus: patience)
    return true
  }

  private func sendChain(_ request: BlockRequest) -> UInt16? {
    let hasRange = request.operation.hasRange
    let count = 2 &+ request.segmentCount &+ (hasRange ? 1 : 0)
    guard let head = queue.beginChain(count) else { return nil }
    notes.prepare(head, for: request)
    queue.append(notes.header(head), count: 16, isWritable: false)
    let isWritable = request.operation.isReading
    if hasRange {
      queue.append(notes.range(head), count: 16, isWritable: false)
    }
    request.forEachSegment { segment in
      queue.append(
        segment.address, count: UInt32(truncatingIfNeeded: segment.count),
        isWritable: isWritable)
    }
    queue.append(notes.status(head), count: 1, isWritable: true)
    queue.endChain()
    return head
  }

  // MARK: - From the device

  public func handleInterrupt() {
    let reason = transport.acknowledgeInterrupt()
    if reason.hasChangedConfiguration { configurationChanged() }
    poll()
  }

  public override func poll() {
    do throws(VirtioError) {
      repeat {
        while let used = try queue.takeUsed() { try complete(used) }
      } while hasInterrupts && queue.requestInterrupt()
    } catch {
      misbehaved(error)
    }
    if !waiting.isEmpty { startWaiting() }
  }

  private func complete(_ used: Virtqueue.UsedChain) throws(VirtioError) {
    let head = Int(used.head)
    guard let request = inFlight[head] else {
      throw .notInFlight(UInt32(used.head))
    }
    let error = try outcome(of: request, used)
    inFlight[head] = nil
    request.finish(error)
  }

  /// What the device says of a request.
  private func outcome(
    of request: BlockRequest, _ used: Virtqueue.UsedChain
  ) throws(VirtioError) -> BlockError? {
    switch notes.statusByte(used.head) {
    case BlockStatus.ok:
      // Devices of version 1 are known to tell wrong lengths.
      guard !transport.isLegacy, request.operation.isReading else {
        return nil
      }
      guard used.length > request.byteCount else {
        throw .lengthTooShort(used.length)
      }
      return nil
    case BlockStatus.failed: return .failed
    case BlockStatus.unsupported: return .unsupported
    default: throw .lengthTooShort(used.length)
    }
  }

  private func startWaiting() {
    while let request = waiting.first, send(request) { waiting.removeFirst() }
    if queue.publish() { transport.notify(0) }
  }

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
    poll()
    let now = Instant.now
    guard inFlight.contains(where: { ($0?.deadline ?? .never) <= now }) else {
      return
    }
    restart { $0.attempts < 3 ? nil : .timedOut }
  }

  private func misbehaved(_ error: VirtioError) {
    lastMisbehaviour = error
    restart { _ in .broken }
  }

  /// Resets the device, and starts the requests again that were on their way.
  ///
  /// - Parameter verdict: Why a request is not started again; nil if it is.
  private func restart(_ verdict: (BlockRequest) -> BlockError?) {
    resets += 1
    let requests = inFlight.compactMap { $0 }
    for index in inFlight.indices { inFlight[index] = nil }
    do throws(VirtioError) {
      features = try transport.begin(
        requiring: features, accepting: VirtioFeatures(bits: 0))
      queue.forget()
      guard try transport.queueSize(0) >= queue.size else {
        throw .noQueue(0)
      }
      geometry = try transport.readGeometry(features, queue.size)
      begin()
    } catch {
      return die(error, requests)
    }
    for request in requests {
      if let error = verdict(request) {
        request.finish(error)
      } else {
        waiting.append(request)
      }
    }
    startWaiting()
  }

  /// The device cannot be used any more.
  private func die(_ error: VirtioError, _ requests: [BlockRequest]) {
    lastMisbehaviour = error
    isDead = true
    if error == .resetFailed { abandoned += requests }
    for request in requests { request.finish(.broken) }
    while let request = waiting.first {
      waiting.removeFirst()
      request.finish(.broken)
    }
  }
}

extension VirtioBlock {
  /// Puts a request with many stretches of memory into one descriptor.
  private func sendTable(_ request: BlockRequest) -> UInt16? {
    guard queue.freeCount > 0, let memory = request.tableMemory() else {
      return nil
    }
    // The chain's number is the first free descriptor's, which tells where
    // the header stands.
    guard let head = queue.nextHead else { return nil }
    notes.prepare(head, for: request)
    var table = DescriptorTable(in: memory)
    table.append(notes.header(head), count: 16, isWritable: false)
    let isWritable = request.operation.isReading
    request.forEachSegment { segment in
      table.append(
        segment.address, count: UInt32(truncatingIfNeeded: segment.count),
        isWritable: isWritable)
    }
    table.append(notes.status(head), count: 1, isWritable: true)
    return queue.add(table)
  }
}
