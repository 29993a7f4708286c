// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Hart

/// A hart's scheduler with one policy, and one source of stacks.
///
///     Scheduler<RoundRobin, GuardedStacks>.run {
///       let thread = try Thread.spawn("worker") { work() }
///       …
///     }
///
/// The types are the choice: the compiler inlines the policy into each function
/// below. One look-up remains, that of the scheduler's own method: a call of
/// `Dispatcher` goes through the class's table of methods.
public final class Scheduler<
  Policy: SchedulingPolicy & ~Copyable, Stacks: StackSource & ~Copyable
>: Dispatcher {
  private var policy = Policy()
  private var stacks = StackCache<Stacks>()
  private let sliceLength = SchedulingClock.ticks(
    nanoseconds: Policy.timeSlice ?? 0)

  override init() {}

  // MARK: - Choosing

  override func yield() {
    // Where interrupts are off already, the caller may be one: the usual case
    // pays an instruction for the question.
    guard Hart.disableInterrupts() else { return yieldWithInterruptsOff() }
    yield(restoringInterrupts: true)
  }

  @inline(never)
  private func yieldWithInterruptsOff() {
    Dispatcher.refuseInInterrupt("Thread.yield")
    yield(restoringInterrupts: false)
  }

  @inline(__always)
  private func yield(restoringInterrupts: Bool) {
    let thread = ThreadReference.running
    checkStack(of: thread)
    guard let next = policy.rotate(thread) else {
      return Hart.restoreInterrupts(restoringInterrupts)
    }
    record(.run, next)
    unsafe Hart.switchContext(
      from: thread.context, to: next.context,
      restoringInterrupts: restoringInterrupts)
  }

  override func dispatch(restoringInterrupts: Bool) {
    guard let next = policy.takeNext() else {
      return goOnLater(restoringInterrupts)
    }
    // The most urgent thread runs now.
    mustSwitch = false
    goOn(with: next, restoringInterrupts)
  }

  /// No thread is ready: goes on with the first that becomes so. A function of
  /// its own, so that the other one makes no call and saves no register.
  @inline(never)
  private func goOnLater(_ restoringInterrupts: Bool) {
    goOn(with: waitForNext(), restoringInterrupts)
  }

  @inline(__always)
  private func goOn(with next: ThreadReference, _ restoringInterrupts: Bool) {
    let thread = ThreadReference.running
    checkStack(of: thread)
    record(.run, next)
    guard next != thread else {
      return Hart.restoreInterrupts(restoringInterrupts)
    }
    unsafe Hart.switchContext(
      from: thread.context, to: next.context,
      restoringInterrupts: restoringInterrupts)
  }

  override func dispatchFromEnd() -> Never {
    let thread = ThreadReference.running
    checkStack(of: thread)
    stacks.putAway(thread.record.stack)
    let next = nextThread()
    record(.run, next)
    // Not before: while the hart was idle, interrupts found its context.
    if thread.record.isDetached { release(thread) }
    unsafe Hart.resume(next.context)
  }

  /// The next thread that is ready; waits for interrupts until there is one.
  @inline(__always)
  private func nextThread() -> ThreadReference {
    guard let next = policy.takeNext() else { return waitForNext() }
    mustSwitch = false
    return next
  }

  @inline(never)
  private func waitForNext() -> ThreadReference {
    while true {
      idle()
      guard let next = policy.takeNext() else { continue }
      // Interrupts asked for a switch from the thread that ran before.
      (mustSwitch, hasUsedUpSlice) = (false, false)
      if !policy.isEmpty, needsSlice { beginSlice(of: next) }
      return next
    }
  }

  override func makeReady(_ thread: ThreadReference) { enqueue(thread) }

  override func makeReady(_ thread: ThreadReference, restoringInterrupts: Bool)
  {
    policy.add(thread)
    if Policy.isUrgent(thread, over: .running) { mustSwitch = true }
    // The usual case is left without a call, and so needs no registers saved.
    if mustSwitch || needsSlice {
      return finishMakingReady(restoringInterrupts)
    }
    Hart.restoreInterrupts(restoringInterrupts)
  }

  @inline(never)
  private func finishMakingReady(_ restoringInterrupts: Bool) {
    if needsSlice { beginSlice(of: .running) }
    endCriticalSection(restoringInterrupts)
  }

  @inline(__always)
  private func enqueue(_ thread: ThreadReference) {
    policy.add(thread)
    if Policy.isUrgent(thread, over: .running) { mustSwitch = true }
    if needsSlice { beginSlice(of: .running) }
  }

  /// The policy has time slices, and no slice timer is armed.
  @inline(__always)
  private var needsSlice: Bool { Policy.timeSlice != nil && sliceEnd == .max }

  // MARK: - Pre-emption

  override func preempt() {
    guard mustSwitch, !isIdle else { return }
    mustSwitch = false
    guard !policy.isEmpty else { return }
    let thread = ThreadReference.running
    checkStack(of: thread)
    let isOver = hasUsedUpSlice
    hasUsedUpSlice = false
    if isOver { policy.add(thread) } else { policy.putBack(thread) }
    guard let next = policy.takeNext(), next != thread else { return }
    record(.preempt, thread)
    record(.run, next)
    // A thread that makes way for a more urgent thread keeps the rest of its
    // slice; a slice that began anew each time would never end.
    if isOver { sliceOwner = next }
    unsafe Hart.switchContext(
      from: thread.context, to: next.context, restoringInterrupts: false)
  }

  /// If `thread` still runs after the length of a slice, it has used it up.
  /// No switch has to read the clock for it; a thread that gets the hart in the
  /// middle may keep it for up to two slices.
  @inline(never)
  private func beginSlice(of thread: ThreadReference) {
    // An idle hart has no thread that could take turns; see `waitForNext`.
    guard !isIdle else { return }
    sliceOwner = thread
    let (end, overflow) = Hart.time.addingReportingOverflow(sliceLength)
    sliceEnd = overflow ? .max : end
    setTimer()
  }

  override func lookAtSlice() {
    sliceEnd = .max
    // A thread that is alone needs no slices.
    guard !policy.isEmpty else { return }
    let running = ThreadReference.running
    if running == sliceOwner { (hasUsedUpSlice, mustSwitch) = (true, true) }
    beginSlice(of: running)
  }

  public override func setPriority(
    _ priority: Priority, of thread: ThreadReference
  ) {
    // An idle hart runs no thread, though it is on the stack of the last one.
    let isQueued =
      thread.record.state == .ready && (isIdle || thread != .running)
    if isQueued { policy.remove(thread) }
    thread.record.priority = priority
    if isQueued { enqueue(thread) }
    guard thread.record.state == .blocked else { return }
    thread.record.waitQueue.with { $0.reorder(thread) }
  }

  // MARK: - Stacks

  override func makeStack(_ size: UInt64) -> UInt64 {
    let stack = stacks.take(size)
    if stack != 0 { StackCache<Stacks>.mark(stack) }
    return stack
  }

  override var hasGuardedStacks: Bool { Stacks.areGuarded }

  /// Ends the machine if a thread has written below its stack. What lies there
  /// is damaged, so nothing can go on.
  @inline(__always)
  private func checkStack(of thread: ThreadReference) {
    guard !StackCache<Stacks>.isWhole(thread.record.stack) else { return }
    StackOverflow.stopAfterDamage(by: thread)
  }

  override func retire(_ stack: Range<UInt64>) {
    stacks.putAway(stack)
  }

  func releaseStacks() { stacks.trim(to: 0) }
}
