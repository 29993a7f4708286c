// SPDX-License-Identifier: BSD-3-Clause

/// A thread that waits in a queue with an owner lends the owner its priority:
/// otherwise a thread of middle priority could keep the owner from running, and
/// through it the most urgent one (*priority inversion*). If the owner waits in
/// such a queue itself, the next owner inherits too, and so on. The loan ends
/// when the queue is passed on, or when the waiter's deadline passes; in a ring
/// that a deadline will open, when it opens.
///
///     A (24) ──waits──▶ lock 1 ──owned by──▶ B (8 ⟶ 24)
///                                            │ waits
///                                            ▼
///                            C (4 ⟶ 24) ◀── lock 2
///
/// The walk along that chain also finds a deadlock: a chain that leads back to
/// its first thread. Each walk takes as many steps as there are threads at most.
extension WaitQueue {
  /// Whether there is an owner.
  @inline(__always)
  public var isOwned: Bool { owner != nil }

  /// Whether the running code is the owner. Before a scheduler runs, all code is
  /// one owner, which no thread equals.
  @inline(__always)
  public var isOwnedByCaller: Bool { owner == .running }

  /// Makes the running code the owner. Interrupts are off.
  @inline(__always)
  public func own() { owner = .running }

  /// Leaves the queue, in which no thread waits, without an owner. Interrupts
  /// are off.
  @inline(__always)
  public func disown() { owner = nil }

  /// Like ``sleep(_:until:)``, in a queue with an owner.
  ///
  /// - Returns: Whether the running thread is the owner now; false if the
  ///   deadline has passed first.
  public func sleepLending(
    _ dispatcher: Dispatcher, until deadline: Instant
  ) -> Bool {
    guard deadline > .now else { return false }
    let thread = ThreadReference.running
    insert(thread)
    addToOwner()
    lendPriority(of: thread, dispatcher, isTimed: deadline != .never)
    return dispatcher.block(on: self, until: deadline)
  }

  /// Makes the first thread that waits the owner, and wakes it; without one,
  /// there is no owner afterwards. Interrupts are off.
  public func passOn(_ dispatcher: Dispatcher) {
    removeFromOwner()
    if let owner { dispatcher.updatePriority(of: owner) }
    owner = wakeFirst(dispatcher)
    addToOwner()
  }

  /// The deadline of a thread has passed: takes it out, and ends its loan.
  func timeOut(_ thread: ThreadReference, _ dispatcher: Dispatcher) {
    remove(thread)
    guard let owner else { return }
    if isEmpty { removeFromOwner() }
    dispatcher.updatePriority(of: owner)
  }

  /// The priority of a thread in this queue has changed.
  func reorder(_ thread: ThreadReference) {
    remove(thread)
    insert(thread)
  }

  private func lendPriority(
    of thread: ThreadReference, _ dispatcher: Dispatcher, isTimed: Bool
  ) {
    let priority = thread.record.priority
    // A ring in which a deadline will pass opens by itself.
    var isTimed = isTimed
    var next = owner
    for _ in 0..<dispatcher.living {
      guard let holder = next else { return }
      if holder == thread {
        if !isTimed { DeadlockReport.stopAtRing(of: thread, waitingIn: self) }
        return
      }
      if holder.record.priority < priority {
        dispatcher.setPriority(priority, of: holder)
      }
      isTimed = isTimed || holder.isTimed
      next = holder.blockingOwner
    }
  }

  // MARK: - The owner's list of queues in which threads wait

  private func addToOwner() {
    guard !isContended, !isEmpty, let owner else { return }
    nextContended = owner.record.contended
    owner.record.contended = WaitQueueLink(self)
    isContended = true
  }

  private func removeFromOwner() {
    guard isContended, let owner else { return }
    isContended = false
    let link = WaitQueueLink(self)
    guard owner.record.contended != link else {
      owner.record.contended = nextContended
      return
    }
    var previous = owner.record.contended
    while !previous.isNone {
      previous.with { queue in
        previous = queue.nextContended
        guard previous == link else { return }
        queue.nextContended = nextContended
        previous = .none
      }
    }
  }
}

extension Dispatcher {
  /// Makes a thread as urgent as it is itself, and as the first waiter of any
  /// queue that it owns; then the owner of the queue in which it waits, and so
  /// on.
  func updatePriority(of thread: ThreadReference) {
    var next: ThreadReference? = thread
    while let holder = next {
      let priority = holder.neededPriority
      guard priority != holder.record.priority else { return }
      setPriority(priority, of: holder)
      mustSwitch = true
      next = holder.blockingOwner
    }
  }
}

extension ThreadReference {
  /// The owner of the queue in which the thread waits.
  var blockingOwner: ThreadReference? {
    guard record.state == .blocked else { return nil }
    return record.waitQueue.with { $0.owner } ?? nil
  }

  fileprivate var neededPriority: Priority {
    var priority = record.ownPriority
    var link = record.contended
    while !link.isNone {
      link.with { queue in
        if let first = queue.first {
          priority = max(priority, first.record.priority)
        }
        link = queue.nextContended
      }
    }
    return priority
  }
}
