// SPDX-License-Identifier: BSD-3-Clause

import Boot
import CHart
import Hart

/// The beginning and the end of threads.
extension Dispatcher {
  /// Makes a thread and its stack, and puts it into the run queue. Interrupts
  /// are off.
  ///
  /// - Returns: Nil if there is not enough memory; nothing has changed then.
  func makeThread(
    _ name: StaticString, _ priority: Priority, _ stackSize: UInt64,
    _ work: Unmanaged<Work>
  ) -> ThreadReference? {
    guard stackSize <= 1 << 40, sleepers.reserve(living &+ 1) else {
      return nil
    }
    let size = max((stackSize &+ 4095) & ~4095, 4096)
    let start = makeStack(size)
    guard start != 0 else { return nil }
    let stack = start..<start + size
    guard let thread = makeRecord(name, priority, stack) else {
      retire(stack)
      return nil
    }
    unsafe thread.record.work = unsafe work
    unsafe thread.record.saved.prepare(
      stack: stack, argument: thread.address, function: beginThread)
    record(.spawn, thread)
    makeReady(thread)
    return thread
  }

  /// Makes a thread's record, and counts it among the living.
  func makeRecord(
    _ name: StaticString, _ priority: Priority, _ stack: Range<UInt64>
  ) -> ThreadReference? {
    guard let thread = takeRecord() else { return nil }
    unsafe lastThreadNumber += 1
    thread.record.number = unsafe lastThreadNumber
    thread.record.name = name
    thread.record.priority = priority
    thread.record.ownPriority = priority
    thread.record.stack = stack
    thread.record.newer = nil
    thread.record.older = newest
    newest?.record.newer = thread
    newest = thread
    living &+= 1
    return thread
  }

  /// A control block, its fields as they are at first but for the context.
  private func takeRecord() -> ThreadReference? {
    if let spare = spareRecords {
      spareRecords = spare.record.next
      return spare
    }
    if let spare = SpareRecords.take() { return spare }
    let size = MemoryLayout<ThreadControlBlock>.size
    guard let memory = unsafe malloc(size) else { return nil }
    let pointer = unsafe memory.bindMemory(
      to: ThreadControlBlock.self, capacity: 1)
    unsafe pointer.initialize(to: ThreadControlBlock())
    return unsafe ThreadReference(at: pointer)
  }

  /// Takes the control block of a thread that has ended, whose handle has gone
  /// and whose work is released.
  func release(_ thread: ThreadReference) {
    thread.reset()
    thread.record.next = spareRecords
    spareRecords = thread
  }

  /// Leaves all spare control blocks to later schedulers.
  func releaseRecords() {
    while let spare = spareRecords {
      spareRecords = spare.record.next
      SpareRecords.add(spare)
    }
  }

  /// Ends the running thread.
  func endThread() -> Never {
    let thread = ThreadReference.running
    guard !thread.record.stack.isEmpty else {
      stop("the first thread ends when its body returns")
    }
    Hart.disableInterrupts()
    if thread.record.isDetached {
      // No handle releases the work. What it owns may do anything at its end,
      // even wait, so the thread still has to be a thread.
      Hart.enableInterrupts()
      thread.releaseWork()
      Hart.disableInterrupts()
    }
    leaveForEver(thread)
  }

  /// The last half of a thread's end, after which it has no stack. Interrupts
  /// are off.
  func leaveForEver(_ thread: ThreadReference) -> Never {
    if thread.record.heldLocks != 0 { Dispatcher.checkHoldsNothing(thread) }
    // Its record may be the next thread's.
    if sliceOwner == thread { sliceOwner = nil }
    record(.exit, thread)
    thread.record.state = .ended
    forget(thread)
    if let joiner = thread.record.joiner { wake(joiner) }
    if living == 1, !others.isEmpty { others.wakeFirst(self) }
    dispatchFromEnd()
  }

  /// Counts a thread no more.
  private func forget(_ thread: ThreadReference) {
    let (newer, older) = (thread.record.newer, thread.record.older)
    if let newer { newer.record.older = older } else { newest = older }
    older?.record.newer = newer
    living -= 1
  }

  /// See `ThreadHandle.join`. The thread has not ended, or has just now.
  @inline(__always)
  static func waitForEnd(of thread: ThreadReference) {
    with { dispatcher in
      let wereEnabled = Hart.disableInterrupts()
      guard thread.record.state != .ended else {
        return Hart.restoreInterrupts(wereEnabled)
      }
      thread.record.joiner = .running
      dispatcher.joiners.sleep(dispatcher, restoringInterrupts: wereEnabled)
    }
    // It has ended, and only its handle refers to its control block.
    thread.record.joiner = nil
  }

  /// See `ThreadHandle.wait`.
  static func waitForEnd(
    of thread: ThreadReference, until deadline: Instant
  ) -> Bool {
    // Even when no scheduler runs any more.
    guard thread.record.state != .ended else { return true }
    return critical { dispatcher in
      guard thread.record.state != .ended else { return true }
      thread.record.joiner = .running
      _ = dispatcher.joiners.sleep(dispatcher, until: deadline)
      thread.record.joiner = nil
      return thread.record.state == .ended
    }
  }

  /// The handle goes: the thread's result is not wanted any more.
  static func letGo(of thread: ThreadReference) {
    let wereEnabled = Hart.disableInterrupts()
    guard thread.record.state == .ended else {
      thread.record.isDetached = true
      return Hart.restoreInterrupts(wereEnabled)
    }
    Hart.restoreInterrupts(wereEnabled)
    thread.releaseWork()
    // The handle may have outlived the scheduler.
    guard Hart.scheduler != 0 else {
      thread.reset()
      return SpareRecords.add(thread)
    }
    Hart.disableInterrupts()
    with { $0.release(thread) }
    Hart.restoreInterrupts(wereEnabled)
  }
}

extension ThreadReference {
  /// Prepares the control block of a thread that has ended for a later one.
  fileprivate func reset() {
    record.state = .ready
    record.isDetached = false
    record.policyWord = 0
  }
}

/// Control blocks that no scheduler has: see `ThreadReference`. The heap never
/// gets one back.
private enum SpareRecords {
  // Changed within `exclusively`.
  private nonisolated(unsafe) static var first: ThreadReference?

  static func take() -> ThreadReference? {
    exclusively {
      let thread = unsafe first
      unsafe first = thread?.record.next
      return thread
    }
  }

  static func add(_ thread: ThreadReference) {
    exclusively {
      thread.record.next = unsafe first
      unsafe first = thread
    }
  }
}

// Counts for the whole run of the machine; changed with interrupts off.
private nonisolated(unsafe) var lastThreadNumber = 0

/// Where each thread begins; its record's address is the argument.
private func beginThread(_ address: UInt64) {
  guard
    let pointer = unsafe UnsafeMutablePointer<ThreadControlBlock>(
      bitPattern: UInt(address))
  else { return }
  let thread = unsafe ThreadReference(at: pointer)
  #if !arch(riscv64)
    Hart.enableInterrupts()
  #endif
  thread.runWork()
  Dispatcher.with { $0.endThread() }
}
