// SPDX-License-Identifier: BSD-3-Clause

import Boot
import CHart
import Hart

/// What a thread is doing.
public enum ThreadState: UInt8, Sendable {
  /// It runs, or could: then it stands in the scheduler's run queue.
  case ready
  /// It waits for something, or for a time.
  case blocked
  /// Its work is done; its handle may still ask for the result.
  case ended
}

/// All that the kernel knows of a thread. Textbooks call it the thread control
/// block.
///
/// The context comes first: its address is the record's, and `Hart.context` is
/// that of the thread that runs.
@safe
public struct ThreadControlBlock {
  var saved = Context()

  // MARK: Its place in one run queue or one list of waiting threads

  /// The thread behind this one in the run queue.
  public var next: ThreadReference?
  /// The thread before this one in the run queue.
  public var previous: ThreadReference?
  /// The thread behind this one in its wait queue.
  var nextWaiting: ThreadReference?
  /// The thread before this one in its wait queue.
  var previousWaiting: ThreadReference?

  // MARK: What it does

  /// What it is doing.
  public internal(set) var state = ThreadState.ready
  /// Whether the time was over before what it waited for came.
  var isLate = false
  var isDetached = false
  /// Its urgency now: what it was given, or what it has inherited.
  public internal(set) var priority = Priority.normal
  /// The urgency that it was given.
  public internal(set) var ownPriority = Priority.normal

  // MARK: For others

  /// For the policy's own use. It is 0 in a new thread.
  public var policyWord: UInt64 = 0

  /// The first of the queues that it owns in which threads wait.
  var contended = WaitQueueLink.none
  /// How many locks it has that are not unlocked yet; those of `withLock`,
  /// whose closure has to return first, are not counted.
  var heldLocks = 0
  /// The queue of the lock in whose closure it is, of those that say so.
  var innermostLock = WaitQueueLink.none

  // MARK: Waiting

  /// Where it waits, while it is blocked; none if it sleeps.
  var waitQueue = WaitQueueLink.none
  /// Its place in the heap of sleepers, or -1.
  var sleepIndex = -1
  /// When to wake it, in ticks.
  var wakeTime: UInt64 = 0

  // MARK: Identity

  /// Counts from 1 for the whole run of the machine.
  public internal(set) var number = 0
  /// For reports.
  public internal(set) var name: StaticString = ""
  /// Its stack, from the lowest address up; empty for the boot stack.
  var stack: Range<UInt64> = 0..<0
  /// The thread that waits for its end.
  var joiner: ThreadReference?
  /// What it does first, which keeps its result: a reference that counts.
  var work: Unmanaged<Work>?
  /// All threads of a scheduler, the newest first.
  var older: ThreadReference?
  var newer: ThreadReference?

  init() {}
}

/// A thread, for a scheduling policy or a queue: one word.
///
/// It refers to the thread for as long as the thread lives: a thread that
/// stands in a queue does, for it cannot end while it waits. A reference that
/// is kept for longer refers to a later thread, or to none, but never dangles:
/// control blocks are used for later threads, and are no other memory ever.
@safe
public struct ThreadReference: Equatable {
  let pointer: UnsafeMutablePointer<ThreadControlBlock>

  @unsafe
  init(at pointer: UnsafeMutablePointer<ThreadControlBlock>) {
    unsafe self.pointer = unsafe pointer
  }

  /// The thread that runs on this hart; before a scheduler runs, a placeholder
  /// that equals no thread.
  ///
  /// - Precondition: A scheduler runs, as it does where there is a
  ///   `Dispatcher`, or the result is only compared.
  @inline(__always)
  static var running: ThreadReference {
    unsafe ThreadReference(
      at: UnsafeMutableRawPointer(Hart.context)
        .assumingMemoryBound(to: ThreadControlBlock.self))
  }

  /// The thread that runs on this hart, or nil without a scheduler.
  public static var current: ThreadReference? {
    Hart.scheduler == 0 ? nil : running
  }

  /// The thread's record, where it lies.
  @inline(__always)
  public var record: ThreadControlBlock {
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }

  /// Whether both are the same thread.
  @inline(__always)
  public static func == (one: Self, other: Self) -> Bool {
    unsafe one.pointer == other.pointer
  }

  /// Whether it waits with a deadline.
  var isTimed: Bool { record.sleepIndex >= 0 }

  /// What a blocked thread waits for: for reports.
  var awaited: (kind: StaticString, name: StaticString) {
    record.waitQueue.with { ($0.kind, $0.name) } ?? ("sleep", "")
  }

  /// A number of its own among the threads that live.
  public var address: UInt64 { UInt64(UInt(bitPattern: unsafe pointer)) }

  /// The address of its context.
  var context: UnsafeMutablePointer<hart_context> {
    unsafe UnsafeMutableRawPointer(pointer)
      .assumingMemoryBound(to: hart_context.self)
  }
}

/// How urgent a thread is: 0 to 31, and more is more urgent.
///
/// A policy may pay no heed to it, as `RoundRobin` does.
public struct Priority: Comparable, Sendable, ExpressibleByIntegerLiteral {
  /// Most threads have it.
  public static let normal: Priority = 16
  /// No thread can be more urgent.
  public static let highest: Priority = 31
  /// No thread can be less urgent.
  public static let lowest: Priority = 0

  /// From 0 to 31.
  public let level: UInt8

  /// The urgency `level`, from 0 to 31.
  public init(_ level: Int) {
    precondition(level >= 0 && level <= 31)
    self.level = UInt8(truncatingIfNeeded: level)
  }

  public init(integerLiteral level: Int) { self.init(level) }

  public static func < (one: Self, other: Self) -> Bool {
    one.level < other.level
  }
}
