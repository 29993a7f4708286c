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
/// The types are the choice: the compiler puts the policy into each function
/// below, so nothing is looked up while the program runs.
public final class Scheduler<
  Policy: SchedulingPolicy & ~Copyable, Stacks: StackSource & ~Copyable
>: Dispatcher {
  private var policy = Policy()
  private var stacks = StackCache<Stacks>()
  private let sliceLength = SchedulingClock.ticks(
    nanoseconds: Policy.timeSlice ?? 0)
  private var hasUsedUpSlice = false
  /// Where the registers of threads go that never run again.
  private var nowhere = Context()

  override init() {}

  // MARK: - Choosing

  override func yield() {
    let wereEnabled = Hart.disableInterrupts()
    let thread = ThreadReference.running
    guard let next = policy.rotate(thread) else {
      if wereEnabled { Hart.enableInterrupts() }
      return
    }
    record(.run, next)
    unsafe Hart.switchContext(
      from: thread.context, to: next.context, enabling: wereEnabled)
  }

  override func dispatch() {
    let thread = ThreadReference.running
    let next = nextThread()
    record(.run, next)
    guard next != thread else { return }
    unsafe Hart.switchContext(
      from: thread.context, to: next.context, enabling: false)
  }

  override func dispatchFromEnd() {
    let next = nextThread()
    record(.run, next)
    unsafe withUnsafeMutablePointer(to: &nowhere) { nowhere in
      unsafe Hart.switchContext(
        from: nowhere, to: next.context, enabling: false)
    }
  }

  /// The next thread that is ready; waits for interrupts until there is one.
  @inline(__always)
  private func nextThread() -> ThreadReference {
    while true {
      if let next = policy.takeNext() { return next }
      idle()
    }
  }

  override func makeReady(_ thread: ThreadReference) {
    policy.add(thread)
    let running = ThreadReference.running
    if Policy.isUrgent(thread, over: running) { mustSwitch = true }
    if Policy.timeSlice != nil, sliceEnd == .max { beginSlice(of: running) }
  }

  // MARK: - Pre-emption

  override func preempt() {
    guard mustSwitch, !isIdle else { return }
    mustSwitch = false
    guard !policy.isEmpty else { return }
    let thread = ThreadReference.running
    if hasUsedUpSlice { policy.add(thread) } else { policy.putBack(thread) }
    hasUsedUpSlice = false
    guard let next = policy.takeNext(), next != thread else { return }
    record(.preempt, thread)
    record(.run, next)
    sliceOwner = next
    unsafe Hart.switchContext(
      from: thread.context, to: next.context, enabling: false)
  }

  /// Who runs now, and still does after the length of a slice, has used it up.
  /// No switch has to read the clock for it; a thread that gets the hart in the
  /// middle may keep it for up to two slices.
  private func beginSlice(of thread: ThreadReference) {
    sliceOwner = thread
    sliceEnd = Hart.time &+ sliceLength
    setTimer()
  }

  override func lookAtSlice() {
    sliceEnd = .max
    // Alone, nobody needs slices.
    guard !policy.isEmpty else { return }
    let running = ThreadReference.running
    if running == sliceOwner { (hasUsedUpSlice, mustSwitch) = (true, true) }
    beginSlice(of: running)
  }

  public override func setPriority(
    _ priority: Priority, of thread: ThreadReference
  ) {
    let isQueued =
      thread.record.state == .ready && thread != ThreadReference.running
    if isQueued { policy.remove(thread) }
    thread.record.priority = priority
    if isQueued { makeReady(thread) }
  }

  // MARK: - Stacks

  override func makeStack(_ size: UInt64) -> Range<UInt64>? {
    stacks.take(size)
  }

  override func retire(_ stack: Range<UInt64>) { stacks.putAway(stack) }

  func releaseStacks() { stacks.trim(to: 0) }
}
