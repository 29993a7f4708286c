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
/// writes memory that belongs to somebody else.
public final class BlockRequest: Waitable, @unchecked Sendable {
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
  public private(set) var sectorCount: UInt64
  /// The memory.
  public let segment: BlockSegment?
  /// More memory, which follows on the disk.
  public let moreSegments: [BlockSegment]

  /// Whether a device has it.
  public private(set) var isInFlight = false
  /// How it ended the last time; nil if well, or not at all yet.
  public private(set) var error: BlockError?

  // MARK: For the device that has it

  /// The device that it was submitted to.
  private var device: BlockDevice?
  /// How often it was started.
  var attempts: UInt8 = 0
  /// When it should be done.
  var deadline = Instant.never
  /// Where it goes when it is done, instead of waking a thread.
  var queue: RequestQueue?
  /// The next one in the one list that it is in.
  var next: BlockRequest?
  /// The sector at the device which starts it.
  var startSector: UInt64 = 0
  /// Who waits for it.
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
    var bytes = UInt64(segment.count)
    for one in moreSegments { bytes += UInt64(one.count) }
    sectorCount = bytes / UInt64(DiskGeometry.sectorSize)
    super.init(kind: "disk request")
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
    super.init(kind: "disk request")
  }

  /// How many bytes of memory it has.
  public var byteCount: Int {
    var bytes = segment?.count ?? 0
    for one in moreSegments { bytes &+= one.count }
    return bytes
  }

  /// How many stretches of memory it has.
  public var segmentCount: Int {
    (segment == nil ? 0 : 1) &+ moreSegments.count
  }

  private func mustBeIdle() { precondition(!isInFlight) }

  // MARK: - Its way

  /// Hands it to a device. Returns at once.
  ///
  /// - Throws: What is wrong with it; no device has seen it then.
  func submit(
    to device: BlockDevice, for queue: RequestQueue? = nil
  ) throws(BlockError) {
    guard !isInFlight else { throw .inFlight }
    try device.geometry.check(self)
    let wereEnabled = Hart.disableInterrupts()
    isInFlight = true
    error = nil
    attempts = 0
    deadline = .never
    self.device = device
    self.queue = queue
    device.start(self, at: sector)
    Dispatcher.leave(wereEnabled)
  }

  /// Called by the device when it is done, with interrupts off; perhaps from an
  /// interrupt. From now on it is its owner's again.
  ///
  /// - Parameter error: Why it has failed; nil if it has not.
  public func finish(_ error: BlockError? = nil) {
    self.error = error
    isInFlight = false
    device = nil
    if let queue {
      self.queue = nil
      return queue.take(self)
    }
    guard let waiter else { return }
    self.waiter = nil
    Dispatcher.with { _ = $0.wake(waiter) }
  }

  /// Waits until it is done. Others run meanwhile; where no scheduler runs, or
  /// the device does not interrupt, it keeps looking.
  ///
  /// - Throws: Why it has failed.
  public func wait() throws(BlockError) {
    let wereEnabled = Hart.disableInterrupts()
    while isInFlight { waitOnce(wereEnabled) }
    Dispatcher.leave(wereEnabled)
    if let error { throw error }
  }

  /// Waits until somebody is done, or the time is over. Interrupts are off.
  private func waitOnce(_ wereEnabled: Bool) {
    guard let device else { return }
    if Hart.scheduler == 0 || device.needsPolling {
      device.poll()
      if isInFlight, deadline <= .now { device.recover() }
      // Others may interrupt between two looks.
      Hart.restoreInterrupts(wereEnabled)
      return _ = Hart.disableInterrupts()
    }
    precondition(waiter == nil, "two threads wait for one request")
    let isInTime = Dispatcher.with { dispatcher in
      waiter = .runningThread
      return dispatcher.block(
        .runningThread, for: WaitReason(self), until: deadline)
    }
    guard !isInTime else { return }
    waiter = nil
    // It may have come just now, before this thread ran.
    if isInFlight, deadline <= .now { device.recover() }
  }
}
