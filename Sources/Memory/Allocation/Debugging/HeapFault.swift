// SPDX-License-Identifier: BSD-3-Clause

/// A misuse of the heap: a double free, an invalid free, an overrun or a use
/// after free.
public enum HeapFault: Equatable, Sendable {
  /// A block was released that had been released already.
  case releasedTwice
  /// The address released is not that of a block of this heap.
  case notABlock
  /// The byte at this address, before the block, was written.
  case writtenBefore(UInt64)
  /// The byte at this address, behind the block, was written.
  case writtenBehind(UInt64)
  /// The byte at this address was written after the block was released.
  case writtenAfterRelease(UInt64)
  /// The first words of a block that was released are not what the heap has
  /// put there.
  case changedAfterRelease

  /// The fault in words that go on after "64 bytes at 0x81000040".
  public var description: StaticString {
    switch self {
    case .releasedTwice: "were released twice"
    case .notABlock: "is no block of the heap, but was released"
    case .writtenBefore: "were underrun: a store wrote before them, at"
    case .writtenBehind: "were overrun: a store wrote behind them, at"
    case .writtenAfterRelease:
      "were used after their release: a store wrote at"
    case .changedAfterRelease:
      "were written to after their release, or the block before was overrun"
    }
  }

  /// The byte that was written, if that is what happened.
  public var place: UInt64? {
    switch self {
    case .releasedTwice, .notABlock, .changedAfterRelease: nil
    case .writtenBefore(let place), .writtenBehind(let place),
      .writtenAfterRelease(let place):
      place
    }
  }
}

/// Walks the callers of the heap, and receives its faults.
public protocol HeapObserver: ~Copyable {
  /// An observer that has received no fault.
  init()

  /// Calls `visit` with the return address of each call that led to the heap,
  /// innermost first.
  func callers(_ visit: (UInt64) -> Void)

  /// Called when a fault is found, with what is known about the block. If it
  /// returns, the heap goes on as well as it can.
  mutating func report(_ fault: HeapFault, _ block: BlockRecord)
}
