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
/// Each hart has one of its own, which nobody else changes; a hart that wakes a
/// thread of another asks that hart to do it. One hart is started so far.
///
/// What is shared between threads is changed with interrupts off: nothing else
/// can take the hart away. Those scopes are short, and every one is a call of
/// `critical` or begins with `Hart.disableInterrupts`.
public class Dispatcher {
  final var sleepers = SleepQueue()
  /// The newest thread that has not ended.
  final var newest: ThreadReference?
  /// How many threads have not ended.
  final var living = 0
  /// Records of threads that are gone, for those that come.
  final var spareRecords: ThreadReference?
  final var spareCount = 0
  /// Who waits until all other threads have ended.
  final var lastWaiting: ThreadReference?
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
  /// It lives until its `run` returns, so nobody counts references to it: that
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

  /// Lets the next thread that is ready run; this one comes back after it.
  func yield() {}

  /// Lets the next thread run; this one is not in the run queue. Returns when
  /// somebody has put it there, and it is its turn. Interrupts are off; they
  /// are `restoringInterrupts` when it returns.
  func dispatch(restoringInterrupts: Bool) {}

  /// Leaves the thread that has ended for ever. Interrupts are off.
  func dispatchFromEnd() -> Never { stop("no scheduler has been chosen") }

  /// Puts a thread into the run queue. Interrupts are off.
  func makeReady(_ thread: ThreadReference) {}

  /// The same as the last step of a scope without interrupts: see `leave`.
  func makeReady(_ thread: ThreadReference, restoringInterrupts: Bool) {}

  /// Gives the hart to another thread if there is a reason. Interrupts are
  /// off; called at the end of every interrupt.
  func preempt() {}

  /// It is time to look whether the running thread has used up its slice.
  /// Interrupts are off.
  func lookAtSlice() {}

  /// Changes how urgent a thread is. Interrupts are off.
  public func setPriority(_ priority: Priority, of thread: ThreadReference) {}

  /// The lowest address of a stack of `size` bytes, or 0. Interrupts are off.
  func makeStack(_ size: UInt64) -> UInt64 { 0 }

  /// Whether a thread traps before it writes below its stack.
  var hasGuardedStacks: Bool { false }

  /// Takes the stack of a thread that has ended, perhaps the running one.
  func retire(_ stack: Range<UInt64>) {}
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

  /// Whether `owner` is no thread, but the code before `run`, which cannot go
  /// on before all threads have ended.
  public func isOutside(_ owner: ThreadReference?) -> Bool {
    owner == outside
  }

  /// How many threads have not ended.
  public var threadCount: Int { living }

  /// Something has changed who is the most urgent: looks again as soon as
  /// interrupts may come. Interrupts are off.
  public func reconsider() { mustSwitch = true }

  @inline(never)
  private func endCriticalSectionBySwitching(_ restoringInterrupts: Bool) {
    if restoringInterrupts {
      preempt()
    } else {
      Hart.requestSoftwareInterrupt()
    }
  }

  /// Blocks the running thread until `wake` is called for it, or the time is
  /// over. Interrupts are off, before and after; they are on in between.
  ///
  /// The caller has put the thread where whoever is to wake it looks for it.
  ///
  /// - Returns: Whether it was woken; false if the time was over first.
  public func block(
    _ thread: ThreadReference, for reason: WaitReason,
    until deadline: Instant = .never
  ) -> Bool {
    guard deadline != .never else {
      block(thread, for: reason, restoringInterrupts: false)
      return true
    }
    thread.record.isLate = false
    thread.record.wakeTime = deadline.ticks
    sleepers.insert(thread)
    setTimer()
    block(thread, for: reason, restoringInterrupts: false)
    return !thread.record.isLate
  }

  /// Blocks the running thread until `wake` is called for it. Interrupts are
  /// off, and `restoringInterrupts` afterwards: what would be a step of its own
  /// is part of the switch.
  @inline(__always)
  public func block(
    _ thread: ThreadReference, for reason: WaitReason, restoringInterrupts: Bool
  ) {
    if Hart.isInInterrupt { return refuseToWait(for: reason) }
    thread.record.wait = reason
    thread.record.state = .blocked
    record(.block, thread)
    dispatch(restoringInterrupts: restoringInterrupts)
  }

  /// Makes a blocked thread ready. Interrupts are off; may be called from an
  /// interrupt.
  ///
  /// - Returns: False if it waits no more: its time was over just before. It
  ///   then still stands in the caller's queue, and takes itself out.
  @discardableResult
  @inline(__always)
  public func wake(_ thread: ThreadReference) -> Bool {
    guard claim(thread) else { return false }
    makeReady(thread)
    return true
  }

  /// The same for a thread that waits without a time-out.
  ///
  /// - Returns: False also for others.
  @inline(__always)
  public func claimUntimed(_ thread: ThreadReference) -> Bool {
    guard thread.record.sleepIndex < 0, thread.record.state == .blocked else {
      return false
    }
    thread.record.state = .ready
    record(.wake, thread)
    return true
  }

  /// The first half of `wake`: from now on nobody else wakes it.
  public func claim(_ thread: ThreadReference) -> Bool {
    guard thread.record.state == .blocked else { return false }
    if thread.record.sleepIndex >= 0 { sleepers.remove(thread) }
    thread.record.state = .ready
    record(.wake, thread)
    return true
  }

  /// The second half of `wake`, within a scope that goes on and ends with
  /// ``endCriticalSection(_:)-(Bool)``.
  public func finishWaking(_ thread: ThreadReference) { makeReady(thread) }

  /// The second half of `wake` as the last step of a scope without interrupts:
  /// see ``endCriticalSection(_:)-(Bool)``.
  @inline(__always)
  public func finishWaking(_ thread: ThreadReference, restoringInterrupts: Bool)
  {
    makeReady(thread, restoringInterrupts: restoringInterrupts)
  }

  // MARK: - The timer

  /// Called at each interrupt of the timer, with interrupts off.
  func timerFired() {
    let now = Hart.time
    while let thread = sleepers.first, thread.record.wakeTime <= now {
      thread.record.isLate = true
      wake(thread)
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
