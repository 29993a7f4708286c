// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// Something that keeps data in numbered sectors: a disk, a part of a disk, a
/// piece of memory.
///
///     BlockRequest ─▶ BlockDevice ─▶ request finished
///
/// A sector is 512 bytes, everywhere and always; a device whose blocks are
/// larger wants requests for whole blocks of its own (``DiskGeometry``).
///
/// Programs call `read`, `write` and `flush`, or put requests into a
/// ``RequestQueue``. What stands in this file is for drivers,
/// which override it all. It is a class and no protocol, because which devices
/// there are is known at run time only: Embedded Swift cannot call what an
/// extension adds to a protocol if it does not know the type.
open class BlockDevice: @unchecked Sendable {
  /// How large it is, and what it can do.
  public internal(set) final var geometry: DiskGeometry
  /// Threads that wait for a single request, each for its own.
  final let waiters = WaitQueue(kind: "disk request")

  /// A device of this size. A device that is built on it may change it later
  /// by ``change(geometry:)``.
  public init(geometry: DiskGeometry) { self.geometry = geometry }

  /// From now on, requests are checked against `geometry`.
  public final func change(geometry: DiskGeometry) { self.geometry = geometry }

  /// Takes a request that has been checked against the geometry. Interrupts
  /// are off; returns at once, and calls `request.finish` then or later. The
  /// work need not begin before ``push()``.
  ///
  /// - Parameters:
  ///   - request: What to do. It is the device's until it is finished.
  ///   - sector: Where: the request's own sector, moved by the devices above.
  open func start(_ request: BlockRequest, at sector: UInt64) {
    request.finish(.unsupported)
  }

  /// Begins with all requests that were started: one call for many. Interrupts
  /// are off.
  open func push() {}

  /// Looks for requests that are done, without an interrupt. Interrupts are
  /// off.
  open func poll() {}

  /// Whether it never interrupts, so that a waiting thread must call `poll`
  /// again and again.
  open var needsPolling: Bool { true }

  /// Whether no interrupt of it has come yet. Until then a waiting thread calls
  /// `poll` now and then: an interrupt that leads nowhere costs no time-out.
  open var isUnheard: Bool { needsPolling }

  /// Called when a request's deadline is over: gets the device going again, or
  /// finishes its requests with an error. Interrupts are off.
  open func recover() {}
}

/// How large a device is, and what it can do.
public struct DiskGeometry: Equatable, Sendable {
  /// How many bytes a sector has.
  public static var sectorSize: Int { 512 }

  /// How many sectors there are.
  public var sectorCount: UInt64
  /// How many sectors make a block: a power of two. Requests begin and end at
  /// multiples of it.
  public var sectorsPerBlock: UInt64 = 1
  /// Whether nothing can be written.
  public var isReadOnly = false
  /// How many stretches of memory a request may have.
  public var maxSegments = 64
  /// How many bytes each of them may have.
  public var maxSegmentSize = 1 << 30
  /// How many sectors one request may read or write.
  public var maxSectors: UInt64 = 1 << 20
  /// How many sectors one request may discard; 0 if none can be.
  public var maxDiscardSectors: UInt64 = 0
  /// How many sectors one request may fill with zeros; 0 if none can be.
  public var maxZeroSectors: UInt64 = 0
  /// Whether it can tell its name.
  public var canIdentify = false
  /// Whether what was written may be lost until a flush is done: the device
  /// has a cache of its own, and is not set to write through it.
  public var cachesWrites = false

  /// A device of so many sectors that can be read and written.
  public init(sectorCount: UInt64) { self.sectorCount = sectorCount }

  /// How many bytes a block has.
  public var blockSize: Int { Int(sectorsPerBlock) * Self.sectorSize }
}

/// Why a request has failed.
public enum BlockError: Error, Equatable, Sendable {
  // MARK: Found before the device is asked

  /// The request is being worked on already.
  case inFlight
  /// It reaches beyond the end of the device.
  case outOfRange
  /// It does not begin or end at a block, or has no bytes at all.
  case misaligned
  /// It has too many bytes or stretches of memory for the device.
  case tooLarge
  /// Nothing can be written to this device.
  case readOnly
  /// The device cannot do this.
  case unsupported

  // MARK: Found later

  /// The device could not read or write this.
  case failed
  /// The device did not answer, not even after it was reset.
  case timedOut
  /// The device did what no device may do, and was reset.
  case broken
  /// There is not enough memory.
  case outOfMemory

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch self {
    case .inFlight: "the request is being worked on already"
    case .outOfRange: "there are no such sectors"
    case .misaligned: "requests are for whole blocks"
    case .tooLarge: "the request is too large for the device"
    case .readOnly: "the device is read-only"
    case .unsupported: "the device cannot do this"
    case .failed: "the device could not do it"
    case .timedOut: "the device does not answer"
    case .broken: "the device misbehaves"
    case .outOfMemory: "there is not enough memory"
    }
  }
}
