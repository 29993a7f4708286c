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
    _ work: Work
  ) -> ThreadReference? {
    let (rounded, overflow) = stackSize.addingReportingOverflow(4095)
    guard !overflow, sleepers.reserve(living + 1),
      let stack = makeStack(max(rounded & ~4095, 4096))
    else { return nil }
    guard let thread = makeRecord(name, priority, stack) else {
      retire(stack)
      return nil
    }
    thread.record.work = work
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
    let size = MemoryLayout<ThreadRecord>.size
    guard let memory = unsafe malloc(size) else { return nil }
    let pointer = unsafe memory.bindMemory(to: ThreadRecord.self, capacity: 1)
    unsafe pointer.initialize(
      to: ThreadRecord(
        number: nextThreadNumber(), name: name, priority: priority,
        stack: stack))
    let thread = unsafe ThreadReference(at: pointer)
    thread.record.older = newest
    newest?.record.newer = thread
    newest = thread
    living += 1
    return thread
  }

  /// Ends the running thread.
  func endThread() -> Never {
    Hart.disableInterrupts()
    let thread = ThreadReference.running
    guard !thread.record.stack.isEmpty else {
      stop("the first thread ends when its body returns")
    }
    record(.exit, thread)
    thread.record.state = .ended
    forget(thread)
    if let joiner = thread.record.joiner { wake(joiner) }
    if living == 1, let lastWaiting { wake(lastWaiting) }
    retire(thread.record.stack)
    if thread.record.isDetached { thread.free() }
    dispatchFromEnd()
    stop("a thread that has ended runs again")
  }

  /// Counts a thread no more.
  private func forget(_ thread: ThreadReference) {
    let (newer, older) = (thread.record.newer, thread.record.older)
    if let newer { newer.record.older = older } else { newest = older }
    older?.record.newer = newer
    living -= 1
  }

  /// See `ThreadHandle.wait`.
  static func waitForEnd(
    of thread: ThreadReference, until deadline: Instant
  ) -> Bool {
    critical { dispatcher in
      guard thread.record.state != .ended, deadline > .now else {
        return thread.record.state == .ended
      }
      let waiting = ThreadReference.running
      thread.record.joiner = waiting
      let wait = Wait(
        "thread", name: thread.record.name, object: thread.address)
      _ = dispatcher.block(waiting, for: wait, until: deadline)
      thread.record.joiner = nil
      return thread.record.state == .ended
    }
  }

  /// Nobody will ask for the thread's result any more.
  static func letGo(of thread: ThreadReference) {
    Hart.withInterruptsDisabled {
      guard thread.record.state == .ended else {
        thread.record.isDetached = true
        return
      }
      thread.free()
    }
  }
}

extension ThreadReference {
  /// Releases the record of a thread that has ended.
  func free() { unsafe CHart.free(pointer) }
}

// Counts for the whole run of the machine; changed with interrupts off.
private nonisolated(unsafe) var lastThreadNumber = 0

private func nextThreadNumber() -> Int {
  unsafe lastThreadNumber += 1
  return unsafe lastThreadNumber
}

/// Where each thread begins; its record's address is the argument.
private func beginThread(_ address: UInt64) {
  guard let pointer = unsafe UnsafeMutablePointer<ThreadRecord>(
    bitPattern: UInt(address))
  else { return }
  let thread = unsafe ThreadReference(at: pointer)
  #if !arch(riscv64)
    Hart.enableInterrupts()
  #endif
  thread.record.work.take()?.run()
  Dispatcher.with { $0.endThread() }
}
