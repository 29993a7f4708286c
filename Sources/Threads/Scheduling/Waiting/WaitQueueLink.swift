// SPDX-License-Identifier: BSD-3-Clause

/// A link to a queue, or to none, that does not keep the queue alive.
///
/// No reference is counted: `deinit` of a queue follows links to it, and
/// counting there would free the queue a second time.
@safe
struct WaitQueueLink: Equatable {
  static let none = WaitQueueLink()

  private let reference: Unmanaged<WaitQueue>?

  private init() { unsafe reference = nil }

  /// A queue that lives at least as long as the link is followed: a caller that
  /// waits in it, or holds its lock, has a reference to it, and its `deinit`
  /// takes it out of `OwnedQueues`.
  @inline(__always)
  init(_ queue: WaitQueue) { unsafe reference = .passUnretained(queue) }

  @inline(__always)
  var isNone: Bool { unsafe reference == nil }

  @inline(__always)
  static func == (one: Self, other: Self) -> Bool {
    unsafe one.reference?.toOpaque() == other.reference?.toOpaque()
  }

  /// Follows the link.
  ///
  /// - Returns: What `body` returns; nil if there is no queue.
  @discardableResult
  func with<Result>(_ body: (WaitQueue) -> Result) -> Result? {
    guard let reference = unsafe reference else { return nil }
    return unsafe reference._withUnsafeGuaranteedRef { body($0) }
  }
}
