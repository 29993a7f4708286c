// SPDX-License-Identifier: BSD-3-Clause

/// The rule by which a hart chooses the next thread, and the run queue that it
/// needs for it.
///
///              add ┌───────────┐ takeNext
///     ready ─────▶ │ run queue │ ─────────▶ runs
///                  └───────────┘
///
/// The thread that runs is not in the queue. All calls come with interrupts
/// off, some from an interrupt; none may wait or allocate.
public protocol SchedulingPolicy: ~Copyable {
  /// What reports call it.
  static var name: StaticString { get }

  /// How long a thread may run, in nanoseconds, before another one that is
  /// ready gets its turn; nil if it runs until it waits or yields.
  static var timeSlice: UInt64? { get }

  /// An empty run queue.
  init()

  /// Whether no thread is ready.
  var isEmpty: Bool { get }

  /// Puts a thread that has become ready, or has yielded, where it belongs.
  mutating func add(_ thread: ThreadReference)

  /// Puts back a thread that ran until a more urgent one became ready, or
  /// might have: before its equals, so that it goes on if it is still first.
  mutating func putBack(_ thread: ThreadReference)

  /// Takes out the thread that should run next.
  mutating func takeNext() -> ThreadReference?

  /// Puts the running thread, which yields, where it belongs, and takes out
  /// the one that should run next; nil if the same thread should go on. It is
  /// not put anywhere then.
  mutating func rotate(_ running: ThreadReference) -> ThreadReference?

  /// Takes out a thread that is there.
  mutating func remove(_ thread: ThreadReference)

  /// Whether a thread that has just become ready takes the hart at once from
  /// the one that runs.
  static func isUrgent(
    _ thread: ThreadReference, over running: ThreadReference
  ) -> Bool
}

extension SchedulingPolicy where Self: ~Copyable {
  public mutating func rotate(_ running: ThreadReference) -> ThreadReference? {
    guard !isEmpty else { return nil }
    add(running)
    guard let next = takeNext(), next != running else { return nil }
    return next
  }

  @inline(__always)
  public static func isUrgent(
    _ thread: ThreadReference, over running: ThreadReference
  ) -> Bool { false }
}
