// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Hart

/// What a hart does between two threads: the part of a scheduler that is the
/// same for every policy. `Scheduler` adds the policy.
///
///          spawn, wake                      takes the hart
///     ──────────────▶ ready ─────────────────────────────▶ runs ──▶ ended
///                       ▲ ▲    yields, or is pre-empted     │
///                       │ └──────────────────────────────────┤
///                       └───────────── blocked ◀─────────────┘
///                             woken             waits
///
/// Each hart has its own, which no other hart changes; a hart that wakes a
/// thread of another asks that hart to do it. One hart is started so far.
///
/// What is shared between threads is changed with interrupts off: nothing else
/// can take the hart away. Those scopes are short, and every one is a call of
/// `critical` or `exclusively`, or begins with `Hart.disableInterrupts`.
public class Dispatcher {
  final var sleepers = SleepQueue()
  /// The newest thread that has not ended.
  final var newest: ThreadReference?
  /// How many threads have not ended.
  final var living = 0
  /// Control blocks of threads that are gone, for later threads.
  final var spareRecords: ThreadReference?
  /// Threads that wait for the end of another one, each for its own.
  final let joiners = WaitQueue(kind: "join")
  /// The first thread, while it waits until all others have ended.
  final let others = WaitQueue(kind: "the end of all other threads")
  /// What stood for the running thread before `run`.
  final var outside: ThreadReference?
  /// Whether the hart should go to another thread as soon as it may.
  final var mustSwitch = false
  /// Whether the running thread then goes behind its equals.
  final var hasUsedUpSlice = false
  /// Whether no thread is ready: the hart waits for an interrupt.
  final var isIdle = false
  /// When to look again whether the running thread has used up its slice, in
  /// ticks.
  final var sliceEnd: UInt64 = .max
  /// The thread that ran when `sliceEnd` was set.
  final var sliceOwner: ThreadReference?
  /// What the timer is set to, in ticks.
  final var timerSetting: UInt64 = .max

  /// Calls `body` with the scheduler of this hart.
  ///
  /// It lives until its `run` returns, so no references to it are counted: that
  /// would cost more than most of what `body` does.
  @inline(__always)
  public static func with<Result>(
    _ body: (Dispatcher) -> Result
  ) -> Result {
    let address = UInt(Hart.scheduler)
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: address) else {
      noScheduler()
    }
    return unsafe Unmanaged<Dispatcher>.fromOpaque(pointer)
      ._withUnsafeGuaranteedRef { body($0) }
  }

  @inline(never)
  private static func noScheduler() -> Never {
    stop("no scheduler runs: begin with Scheduler<RoundRobin, …>.run")
  }

  // MARK: - What depends on the policy
  // Each is overridden, or ends the machine.

  /// Lets the next thread that is ready run; this one comes back after it.
  func yield() { mustOverride() }

  /// Lets the next thread run; this one is not in the run queue. Returns when
  /// a wake-up has put it there, and it is its turn. Interrupts are off; they
  /// are `restoringInterrupts` when it returns.
  func dispatch(restoringInterrupts: Bool) { mustOverride() }

  /// Leaves the thread that has ended for ever, and retires its stack.
  /// Interrupts are off.
  func dispatchFromEnd() -> Never { mustOverride() }

  /// Puts a thread into the run queue. Interrupts are off.
  func makeReady(_ thread: ThreadReference) { mustOverride() }

  /// Like ``makeReady(_:)``, and ends the critical section.
  func makeReady(_ thread: ThreadReference, restoringInterrupts: Bool) {
    mustOverride()
  }

  /// Gives the hart to another thread if there is a reason. Interrupts are
  /// off; called at the end of every interrupt.
  func preempt() { mustOverride() }

  /// It is time to look whether the running thread has used up its slice.
  /// Interrupts are off.
  func lookAtSlice() { mustOverride() }

  /// Changes how urgent a thread is. Interrupts are off.
  public func setPriority(_ priority: Priority, of thread: ThreadReference) {
    mustOverride()
  }

  /// The lowest address of a stack of `size` bytes, or 0. Interrupts are off.
  func makeStack(_ size: UInt64) -> UInt64 { mustOverride() }

  /// Whether a thread traps before it writes below its stack.
  var hasGuardedStacks: Bool { mustOverride() }

  /// Takes a stack back that no thread needs any more; the running thread may
  /// still be on it.
  func retire(_ stack: Range<UInt64>) { mustOverride() }
}

extension Dispatcher {
  /// Runs `body` with interrupts off. If it has made a more urgent thread
  /// ready, that one takes the hart at the end: a pre-emption point.
  @inline(__always)
  public static func critical<Result>(
    _ body: (Dispatcher) -> Result
  ) -> Result {
    with { dispatcher in
      let wereEnabled = Hart.disableInterrupts()
      let result = body(dispatcher)
      dispatcher.endCriticalSection(wereEnabled)
      return result
    }
  }

  /// The end of a scope without interrupts.
  ///
  /// - Parameter restoringInterrupts: Whether interrupts were enabled before
  ///   the scope. If not, a switch that is due must wait: a software interrupt
  ///   of this hart's own has it happen once interrupts are enabled.
  @inline(__always)
  public func endCriticalSection(_ restoringInterrupts: Bool) {
    if mustSwitch { endCriticalSectionBySwitching(restoringInterrupts) }
    Hart.restoreInterrupts(restoringInterrupts)
  }

  /// The same for code that may run before there is a scheduler.
  @inline(__always)
  public static func endCriticalSection(_ restoringInterrupts: Bool) {
    if Hart.scheduler != 0 {
      with { $0.endCriticalSection(restoringInterrupts) }
    } else {
      Hart.restoreInterrupts(restoringInterrupts)
    }
  }

  /// Whether the owner of `queue` is no thread, but the code before `run`, which
  /// cannot go on before all threads have ended.
  public func isOwnedOutside(_ queue: WaitQueue) -> Bool {
    queue.owner == outside
  }

  /// The thread that runs.
  @inline(__always)
  public var runningThread: ThreadReference { .running }

  @inline(never)
  private func endCriticalSectionBySwitching(_ restoringInterrupts: Bool) {
    if restoringInterrupts {
      preempt()
    } else {
      Hart.requestSoftwareInterrupt()
    }
  }

  /// Blocks the running thread until it is woken, or `deadline` has passed.
  /// Interrupts are off, before and after; they are on in between.
  ///
  /// - Parameters:
  ///   - queue: Where the thread stands already; nil if it only waits for the
  ///     deadline.
  ///   - deadline: When to give up.
  /// - Returns: Whether it was woken; false if the deadline has passed first.
  func block(on queue: WaitQueue?, until deadline: Instant) -> Bool {
    let thread = ThreadReference.running
    thread.record.isLate = false
    if deadline != .never {
      thread.record.wakeTime = deadline.ticks
      sleepers.insert(thread)
      setTimer()
    }
    block(on: queue, restoringInterrupts: false)
    return !thread.record.isLate
  }

  /// Blocks the running thread until it is woken. Interrupts are off, and
  /// `restoringInterrupts` afterwards.
  @inline(__always)
  func block(on queue: WaitQueue?, restoringInterrupts: Bool) {
    if Hart.isInInterrupt { return refuseToWait(in: queue) }
    let thread = ThreadReference.running
    thread.record.waitQueue = queue.map { WaitQueueLink($0) } ?? .none
    thread.record.state = .blocked
    record(.block, thread)
    dispatch(restoringInterrupts: restoringInterrupts)
  }

  /// Wakes a thread out of turn, wherever it waits; has no effect on a thread
  /// that was woken already. Interrupts are off; may be called from an
  /// interrupt.
  @inline(__always)
  public func wake(_ thread: ThreadReference) {
    guard thread.record.state == .blocked else { return }
    thread.record.waitQueue.with { $0.remove(thread) }
    unblock(thread)
  }

  /// Makes a blocked thread ready that has left its queue.
  @inline(__always)
  func unblock(_ thread: ThreadReference) {
    if thread.isTimed { sleepers.remove(thread) }
    thread.record.state = .ready
    record(.wake, thread)
    makeReady(thread)
  }

  /// Makes a blocked thread ready that has left its queue and waits without a
  /// deadline, and ends the critical section.
  @inline(__always)
  func unblock(_ thread: ThreadReference, restoringInterrupts: Bool) {
    thread.record.state = .ready
    record(.wake, thread)
    makeReady(thread, restoringInterrupts: restoringInterrupts)
  }

  // MARK: - The timer

  /// Called at each interrupt of the timer, with interrupts off.
  func timerFired() {
    let now = Hart.time
    while let thread = sleepers.first, thread.record.wakeTime <= now {
      thread.record.isLate = true
      thread.record.waitQueue.with { $0.timeOut(thread, self) }
      unblock(thread)
    }
    if now >= sliceEnd { lookAtSlice() }
    resetTimer()
  }

  /// Sets the timer anew, whatever it was set to.
  func resetTimer() {
    timerSetting = nextDeadline
    SchedulingClock.interrupt(at: timerSetting)
  }

  /// Has the timer interrupt in time for what is due next. Without sleepers
  /// and slices it never does: nothing ticks while there is nothing to do.
  func setTimer() {
    let next = nextDeadline
    guard next < timerSetting else { return }
    timerSetting = next
    SchedulingClock.interrupt(at: next)
  }

  private var nextDeadline: UInt64 {
    min(sleepers.first?.record.wakeTime ?? .max, sliceEnd)
  }
}
