// SPDX-License-Identifier: BSD-3-Clause

/// A doubly linked list of threads: a run queue.
///
///     first ─▶ thread ⇄ thread ⇄ thread ◀─ last
///
/// What the first one keeps as the one before it means nothing.
///
/// Every operation takes the same time, however long the line. A thread stands
/// in one such line at most. Interrupts are off while it is changed.
public struct ThreadList {
  /// The thread whose turn is next.
  public private(set) var first: ThreadReference?
  private var last: ThreadReference?

  /// An empty line.
  @inline(__always)
  public init() {}

  /// Whether it holds no thread.
  @inline(__always)
  public var isEmpty: Bool { first == nil }

  /// Puts a thread at the end.
  @inline(__always)
  public mutating func append(_ thread: ThreadReference) {
    thread.record.next = nil
    thread.record.previous = last
    if let last { last.record.next = thread } else { first = thread }
    last = thread
  }

  /// Puts a thread before all others.
  public mutating func prepend(_ thread: ThreadReference) {
    thread.record.next = first
    if let first { first.record.previous = thread } else { last = thread }
    first = thread
  }

  /// Takes the first thread out.
  @inline(__always)
  public mutating func removeFirst() -> ThreadReference? {
    guard let thread = first else { return nil }
    let next = thread.record.next
    first = next
    if next == nil { last = nil }
    return thread
  }

  /// Puts a thread at the end and takes the first one out: less work than one
  /// after the other.
  ///
  /// - Returns: Nil if the line is empty; the thread is not put there then.
  @inline(__always)
  public mutating func rotate(_ thread: ThreadReference) -> ThreadReference? {
    guard let next = first else { return nil }
    thread.record.next = nil
    thread.record.previous = last
    // If there is a first one, there is a last one.
    unsafe last.unsafelyUnwrapped.record.next = thread
    last = thread
    first = next.record.next
    return next
  }

  /// Takes out a thread that stands somewhere in this line.
  public mutating func remove(_ thread: ThreadReference) {
    guard first != thread else {
      _ = removeFirst()
      return
    }
    let (previous, next) = (thread.record.previous, thread.record.next)
    previous?.record.next = next
    if let next { next.record.previous = previous } else { last = previous }
  }
}
