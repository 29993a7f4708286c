// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Hart
import Scheduling

/// The part of a mutex that does not depend on what it protects: who owns it,
/// and who waits.
///
/// A thread that waits lends its urgency to the owner: otherwise a thread of
/// middle priority could keep the owner from running, and through it the most
/// urgent one (*priority inversion*). If the owner waits for another lock
/// itself, its owner inherits too, and so on. What was lent ends with the
/// unlock.
///
///     A (24) ──waits──▶ lock 1 ──owned by──▶ B (8 ⟶ 24)
///                                            │ waits
///                                            ▼
///                            C (4 ⟶ 24) ◀── lock 2
///
/// Walking that chain also finds out when it leads back to where it began: a
/// deadlock.
public class Lock: Queue, @unchecked Sendable {
  private(set) final var owner: ThreadReference?
  /// Whether unlocking has more to do than to forget the owner.
  private final var isContended = false
  /// The owner's other locks for which threads wait.
  private final var nextHeld: UInt64 = 0
  private final var isListed = false
  // Its neighbours among all there are: see `LockRegistry`.
  final var older = LockLink.none
  final var newer = LockLink.none

  init(_ name: StaticString) {
    super.init(kind: "mutex", name: name)
    LockRegistry.add(self)
  }

  deinit { LockRegistry.remove(self) }

  // MARK: - The usual case

  @inline(__always)
  final func lock() {
    Dispatcher.mayWait(for: self)
    let wereEnabled = Hart.disableInterrupts()
    if owner != nil { return waitForOwner(wereEnabled) }
    owner = .runningThread
    Hart.restoreInterrupts(wereEnabled)
  }

  final func lock(until deadline: Instant) -> Bool {
    Dispatcher.mayWait(for: self)
    let wereEnabled = Hart.disableInterrupts()
    if owner != nil { return waitForOwner(wereEnabled, until: deadline) }
    owner = .runningThread
    Hart.restoreInterrupts(wereEnabled)
    return true
  }

  @inline(__always)
  final func tryLock() -> Bool {
    let wereEnabled = Hart.disableInterrupts()
    let isFree = owner == nil
    if isFree { owner = .runningThread }
    Hart.restoreInterrupts(wereEnabled)
    return isFree
  }

  @inline(__always)
  final func unlock() {
    let wereEnabled = Hart.disableInterrupts()
    if isContended { return passOn(wereEnabled) }
    owner = nil
    Hart.restoreInterrupts(wereEnabled)
  }

  /// Ends the machine unless the running thread has locked this.
  final func checkIsOwner() {
    if owner != .runningThread { Deadlock.reportForeignGuard(self) }
  }

  // MARK: - Waiting

  @inline(never)
  private final func waitForOwner(_ wereEnabled: Bool) {
    _ = waitForOwner(wereEnabled, until: .never)
  }

  @inline(never)
  private final func waitForOwner(
    _ wereEnabled: Bool, until deadline: Instant
  ) -> Bool {
    Dispatcher.with { dispatcher in
      let isOwner = waitForOwner(dispatcher, until: deadline)
      dispatcher.endCriticalSection(wereEnabled)
      return isOwner
    }
  }

  /// Interrupts are off. Ownership is passed on by whoever unlocks.
  private final func waitForOwner(
    _ dispatcher: Dispatcher, until deadline: Instant
  ) -> Bool {
    if Hart.isInInterrupt { refuseToWait(for: WaitReason(self)) }
    let thread = ThreadReference.runningThread
    if owner == thread { Deadlock.reportRecursion(self) }
    if dispatcher.isOutside(owner) { Deadlock.reportOutside(self) }
    guard deadline > .now else { return false }
    threads.insert(thread)
    isContended = true
    thread.record.blockingLock = address
    list()
    lendPriority(of: thread, dispatcher, mayWaitForEver: deadline == .never)
    let isOwner = dispatcher.block(
      thread, for: WaitReason(self), until: deadline)
    thread.record.blockingLock = 0
    if !isOwner { giveUp(thread, dispatcher) }
    return isOwner
  }

  /// The time is over: takes back what was lent.
  private final func giveUp(
    _ thread: ThreadReference, _ dispatcher: Dispatcher
  ) {
    threads.remove(thread)
    if threads.isEmpty {
      isContended = false
      unlist()
    }
    if let owner { Lock.updatePriority(of: owner, dispatcher) }
  }

  /// Passes the lock on to the first thread that waits.
  @inline(never)
  private final func passOn(_ wereEnabled: Bool) {
    Dispatcher.with { dispatcher in
      passOn(dispatcher)
      dispatcher.endCriticalSection(wereEnabled)
    }
  }

  /// Unlocks with interrupts off.
  final func release(_ dispatcher: Dispatcher) {
    if isContended { passOn(dispatcher) } else { owner = nil }
  }

  /// The same with interrupts off.
  private final func passOn(_ dispatcher: Dispatcher) {
    unlist()
    if let owner { Lock.updatePriority(of: owner, dispatcher) }
    owner = threads.wakeFirst(dispatcher)
    // It has the lock from now on, and may not run for long.
    owner?.record.blockingLock = 0
    isContended = !threads.isEmpty
    if isContended { list() }
  }

  // MARK: - Priority inheritance

  /// Makes all that this thread waits for as urgent as itself.
  private final func lendPriority(
    of thread: ThreadReference, _ dispatcher: Dispatcher, mayWaitForEver: Bool
  ) {
    let priority = thread.record.priority
    var waitsForEver = mayWaitForEver
    var next = owner
    // A chain in which somebody's time will be over may be a ring for a while.
    for _ in 0..<dispatcher.threadCount {
      guard let holder = next else { return }
      if holder == thread {
        if waitsForEver { Deadlock.report(thread, self) }
        return
      }
      if holder.record.priority < priority {
        dispatcher.setPriority(priority, of: holder)
        Lock.blocking(holder)?.reorder(holder)
      }
      // One whose time is over stands in line still, but waits no more.
      guard holder.record.state == .blocked else { return }
      waitsForEver = waitsForEver && !holder.isTimed
      next = Lock.blocking(holder)?.owner
    }
  }

  /// A thread that waits here has become more or less urgent.
  private final func reorder(_ thread: ThreadReference) {
    threads.remove(thread)
    threads.insert(thread)
  }

  /// Makes a thread as urgent as it is itself, and as the first who waits for
  /// any of its locks; then the owner of the lock that it waits for, and so on.
  private static func updatePriority(
    of thread: ThreadReference, _ dispatcher: Dispatcher
  ) {
    var next: ThreadReference? = thread
    while let one = next {
      let priority = neededPriority(of: one)
      guard priority != one.record.priority else { return }
      dispatcher.setPriority(priority, of: one)
      dispatcher.reconsider()
      let lock = Lock.blocking(one)
      lock?.reorder(one)
      next = lock?.owner
    }
  }

  private static func neededPriority(of thread: ThreadReference) -> Priority {
    var priority = thread.record.ownPriority
    var held = thread.record.contendedLocks
    while let lock = Lock.at(held) {
      if let first = lock.threads.first {
        priority = max(priority, first.record.priority)
      }
      held = lock.nextHeld
    }
    return priority
  }

  // MARK: - The owner's list of locks for which threads wait

  private final func list() {
    guard !isListed, let owner else { return }
    nextHeld = owner.record.contendedLocks
    owner.record.contendedLocks = address
    isListed = true
  }

  private final func unlist() {
    guard isListed, let owner else { return }
    isListed = false
    guard owner.record.contendedLocks != address else {
      owner.record.contendedLocks = nextHeld
      return
    }
    var one = Lock.at(owner.record.contendedLocks)
    while let lock = one {
      guard lock.nextHeld != address else {
        lock.nextHeld = nextHeld
        return
      }
      one = Lock.at(lock.nextHeld)
    }
  }

  /// The lock for which a thread waits.
  static func blocking(_ thread: ThreadReference) -> Lock? {
    at(thread.record.blockingLock)
  }

  /// A lock that stands in a thread's record: it is owned or waited for, and so
  /// lives.
  private static func at(_ address: UInt64) -> Lock? {
    unsafe UnsafeRawPointer(bitPattern: UInt(address)).map {
      unsafe Unmanaged<Lock>.fromOpaque($0).takeUnretainedValue()
    }
  }

  private final var address: UInt64 {
    UInt64(UInt(bitPattern: unsafe Unmanaged.passUnretained(self).toOpaque()))
  }
}
