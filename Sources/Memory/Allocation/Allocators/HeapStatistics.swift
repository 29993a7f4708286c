// SPDX-License-Identifier: BSD-3-Clause

/// What an allocator has done so far, and what it has left. Sizes are usable
/// bytes.
///
/// An allocator keeps one, and counts in it: an allocation costs eight
/// instructions, a release six.
public struct Statistics: Equatable, Sendable {
  /// Of all blocks that were handed out and not yet taken back.
  public var bytesInUse: UInt64 = 0
  /// The most that it ever was.
  public private(set) var peakBytesInUse: UInt64 = 0
  /// Blocks that were handed out since the start.
  public var allocations: UInt64 = 0
  /// Blocks that were taken back since the start.
  public var releases: UInt64 = 0
  /// Requests that could not be met.
  public var failures: UInt64 = 0
  /// Memory that was added, with what the allocator needs for itself.
  public private(set) var bytesManaged: UInt64 = 0
  /// What could still be handed out, in blocks of suitable sizes. Known once
  /// ``with(free:largest:)`` has told it.
  public var bytesFree: UInt64 = 0
  /// What could be handed out in one block.
  public private(set) var largestFreeBlock: UInt64 = 0

  /// Nothing has happened, and there is nothing.
  @inline(__always)
  public init() {}

  /// Blocks that were handed out and not yet taken back.
  public var liveBlocks: UInt64 { allocations &- releases }

  /// How much of the free memory is out of reach for one large request, in
  /// thousandths: 0 if all of it is in one piece.
  public var fragmentation: UInt64 {
    guard bytesFree > 0 else { return 0 }
    return 1000 - largestFreeBlock * 1000 / bytesFree
  }
}

// MARK: - Counting

extension Statistics {
  /// A block of `size` usable bytes was handed out.
  @inline(__always)
  public mutating func allocated(_ size: UInt64) {
    allocations &+= 1
    bytesInUse &+= size
    if bytesInUse > peakBytesInUse { peakBytesInUse = bytesInUse }
  }

  /// A block of `size` usable bytes was taken back.
  @inline(__always)
  public mutating func released(_ size: UInt64) {
    releases &+= 1
    bytesInUse &-= size
  }

  /// A block in use has another size now.
  public mutating func resized(from old: UInt64, to new: UInt64) {
    bytesInUse = bytesInUse &- old &+ new
    peakBytesInUse = max(peakBytesInUse, bytesInUse)
  }

  /// Counts a request that could not be met.
  ///
  /// - Returns: Nil, for the caller to return.
  public mutating func refused() -> UInt64? {
    failures &+= 1
    return nil
  }

  /// So many bytes of memory were added.
  public mutating func added(_ bytes: UInt64) { bytesManaged &+= bytes }

  /// All blocks were taken back at once.
  public mutating func releasedAll() {
    releases = allocations
    bytesInUse = 0
  }

  /// With what only the allocator can find out: how many bytes could be handed
  /// out yet, and how many of them in one block.
  public func with(free: UInt64, largest: UInt64) -> Statistics {
    var result = self
    result.bytesFree = free
    result.largestFreeBlock = largest
    return result
  }
}
