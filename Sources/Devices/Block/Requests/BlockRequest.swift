// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import Virtio

/// A stretch of a buffer that a request reads from or writes to.
public struct BlockSegment: Sendable {
  /// The memory.
  public let buffer: DMABuffer
  /// Where the stretch begins, in bytes.
  public let offset: Int
  /// How many bytes it has.
  public let count: Int

  /// The `count` bytes of `buffer` from `offset` on, which must be there.
  public init(_ buffer: DMABuffer, offset: Int = 0, count: Int) {
    precondition(offset >= 0 && count >= 0 && offset <= buffer.count - count)
    self.buffer = buffer
    self.offset = offset
    self.count = count
  }

  /// Its first byte, for a device.
  var address: UInt64 { buffer.address &+ UInt64(offset) }
}

/// Something that a block device is asked to do. Its owner makes it once and
/// may use it again and again: no request needs memory while it is on its way.
///
///          submit                  the device is done
///     idle ──────▶ in flight ──────────────────────▶ finished ─▶ …
///
/// It keeps its buffers for as long as it lives, so a device never reads or
/// writes memory that has another owner.
@safe
public final class BlockRequest: @unchecked Sendable {
  /// What is to be done.
  public enum Operation: UInt8, Sendable {
    /// Sectors come into the buffer.
    case read
    /// The buffer goes into sectors.
    case write
    /// All that was written before is made to last.
    case flush
    /// The sectors' contents are no longer needed; what they hold afterwards
    /// is anything.
    case discard
    /// The sectors are filled with zeros.
    case writeZeroes
    /// The device's name, up to 20 bytes of ASCII, comes into the buffer.
    case identify

    /// Whether bytes move from the device to memory.
    @inline(__always)
    var isReading: Bool { self == .read || self == .identify }
  }

  /// What is to be done.
  public var operation: Operation { willSet { mustBeIdle() } }
  /// The first sector.
  public var sector: UInt64 { willSet { mustBeIdle() } }
  /// How many sectors: those of the buffers when they are read or written.
  public let sectorCount: UInt64
  /// How many bytes of memory it has.
  public let byteCount: Int
  /// The memory.
  public let segment: BlockSegment?
  /// More memory, which follows on the disk.
  public let moreSegments: [BlockSegment]

  /// Whether a device has it.
  public private(set) var isInFlight = false
  /// How it ended the last time; nil if well, or not at all yet.
  public private(set) var error: BlockError?

  // MARK: For the device that has it

  /// The device that it was submitted to, which finishes it before it goes.
  private var device: Unmanaged<BlockDevice>?
  /// How often it was started.
  var attempts: UInt8 = 0
  /// When it should be done.
  var deadline = Instant.never
  /// How many requests the device had finished when it got this one, modulo
  /// 65,536.
  var seenBefore: UInt16 = 0
  /// Where it goes when it is done, instead of waking a thread. The queue
  /// lives as long as a device has one of its requests.
  private var queue: Unmanaged<RequestQueue>?
  /// Whether it is finished, and its queue has not given it back yet.
  var isUnreaped = false
  /// Whether a thread waits for this very request.
  private(set) var isSingle = true
  /// The next one in the one list that it is in.
  var next: Unmanaged<BlockRequest>?
  /// The sector at the device which starts it.
  var startSector: UInt64 = 0
  /// The address and size of the first stretch of memory, and the sizes of
  /// the smallest and the largest.
  let (address, size, smallest, largest): (UInt64, Int, Int, Int)
  /// How many stretches of memory it has.
  let segmentCount: Int
  /// The thread that waits for it.
  private var waiter: ThreadReference?
  /// Memory for descriptors, if it needs a table of them.
  var table: DMABuffer?

  /// A request to read or write.
  ///
  /// - Parameters:
  ///   - operation: `read` or `write`; `identify` with 20 bytes.
  ///   - sector: The first sector.
  ///   - segment: The memory.
  ///   - moreSegments: More memory.
  public init(
    _ operation: Operation, sector: UInt64 = 0, _ segment: BlockSegment,
    _ moreSegments: [BlockSegment] = []
  ) {
    self.operation = operation
    self.sector = sector
    self.segment = segment
    self.moreSegments = moreSegments
    var (bytes, smallest, largest) = (
      segment.count, segment.count, segment.count
    )
    for one in moreSegments {
      bytes += one.count
      smallest = min(smallest, one.count)
      largest = max(largest, one.count)
    }
    byteCount = bytes
    sectorCount = UInt64(bytes / DiskGeometry.sectorSize)
    segmentCount = 1 + moreSegments.count
    (address, size) = (segment.address, segment.count)
    (self.smallest, self.largest) = (smallest, largest)
  }

  /// A request without memory.
  ///
  /// - Parameters:
  ///   - operation: `flush`, `discard` or `writeZeroes`.
  ///   - sector: The first sector.
  ///   - sectorCount: How many.
  public init(
    _ operation: Operation, sector: UInt64 = 0, sectorCount: UInt64 = 0
  ) {
    self.operation = operation
    self.sector = sector
    self.sectorCount = sectorCount
    segment = nil
    moreSegments = []
    byteCount = 0
    segmentCount = 0
    (address, size, smallest, largest) = (0, 0, 0, 0)
  }

  private func mustBeIdle() { precondition(!isInFlight) }

  // MARK: - Its way

  /// Hands it to a device, which begins with it. Returns at once.
  ///
  /// - Throws: What is wrong with it; no device has seen it then.
  @_optimize(speed)
  func submit(to device: BlockDevice) throws(BlockError) {
    let wereEnabled = Hart.disableInterrupts()
    do throws(BlockError) {
      try enter(device, for: nil)
    } catch {
      Dispatcher.endCriticalSection(wereEnabled)
      throw error
    }
    device.push()
    Dispatcher.endCriticalSection(wereEnabled)
  }

  /// The same with interrupts off: an interrupt may change the device's
  /// geometry, and another thread may submit the same request. The device need
  /// not begin before it is pushed.
  @inline(__always)
  func enter(
    _ device: BlockDevice, for queue: RequestQueue?
  ) throws(BlockError) {
    try device.check(self)
    isInFlight = true
    error = nil
    attempts = 0
    deadline = .never
    unsafe self.device = .passUnretained(device)
    unsafe self.queue = queue.map { unsafe .passUnretained($0) }
    isSingle = queue == nil
    device.start(self, at: sector)
  }

  /// Called by the device when it is done, with interrupts off; perhaps from an
  /// interrupt. From now on it is its owner's again.
  ///
  /// - Parameter error: Why it has failed; nil if it has not.
  @_optimize(speed)
  public func finish(_ error: BlockError? = nil) {
    self.error = error
    isInFlight = false
    unsafe device = nil
    if let queue = unsafe queue {
      unsafe self.queue = nil
      return unsafe queue._withUnsafeGuaranteedRef { $0.take(self) }
    }
    guard let waiter else { return }
    self.waiter = nil
    Dispatcher.with { $0.wake(waiter) }
  }

  /// Waits until it is done. Others run meanwhile, also if the device does not
  /// interrupt: the thread then looks again and again, and sleeps in between.
  /// Where no scheduler runs, it keeps looking.
  ///
  /// - Throws: Why it has failed.
  @_optimize(speed)
  public func wait() throws(BlockError) {
    let wereEnabled = Hart.disableInterrupts()
    var pause = PollingPause()
    while isInFlight, let device = unsafe device {
      unsafe device._withUnsafeGuaranteedRef {
        waitOnce(for: $0, wereEnabled, &pause)
      }
    }
    Dispatcher.endCriticalSection(wereEnabled)
    if let error { throw error }
  }

  /// Waits until the device has finished it, or a deadline has passed.
  /// Interrupts are off.
  @_optimize(speed)
  private func waitOnce(
    for device: BlockDevice, _ wereEnabled: Bool, _ pause: inout PollingPause
  ) {
    var end = deadline
    if Hart.scheduler == 0 || device.isUnheard {
      device.poll()
      guard isInFlight else { return }
      if deadline <= .now { return device.recover() }
      guard Hart.scheduler != 0 else {
        // Others may interrupt between two looks.
        Hart.restoreInterrupts(wereEnabled)
        return _ = Hart.disableInterrupts()
      }
      end = min(deadline, pause.next())
    }
    precondition(waiter == nil, "two threads wait for one request")
    let isInTime = Dispatcher.with { dispatcher in
      waiter = dispatcher.runningThread
      return device.waiters.sleep(dispatcher, until: end)
    }
    guard !isInTime else { return }
    waiter = nil
    // It may have come just now, before this thread ran.
    if isInFlight, deadline <= .now { device.recover() }
  }
}
