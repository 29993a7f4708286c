// SPDX-License-Identifier: BSD-3-Clause

/// All queues that may have an owner, so that those of a thread that ends can be
/// found: a list for each thread would make locking slower by a third.
///
///     newest ─▶ queue ⇄ queue ⇄ queue
///
/// A queue is here until its `deinit`; its link here does not keep it alive.
enum OwnedQueues {
  // Changed within `exclusively`.
  private nonisolated(unsafe) static var newest = WaitQueueLink.none

  static func add(_ queue: WaitQueue) {
    exclusively {
      let link = WaitQueueLink(queue)
      queue.isRegistered = true
      queue.older = unsafe newest
      unsafe newest.with { $0.newer = link }
      unsafe newest = link
    }
  }

  static func remove(_ queue: WaitQueue) {
    exclusively {
      let (newer, older) = (queue.newer, queue.older)
      older.with { $0.newer = newer }
      if newer.isNone { unsafe newest = older }
      newer.with { $0.older = older }
    }
  }

  /// A queue that `thread` owns, or nil. Linear in the number of queues.
  static func first(of thread: ThreadReference) -> WaitQueue? {
    exclusively {
      var link = unsafe newest
      var found: WaitQueue?
      while !link.isNone, found == nil {
        link.with { queue in
          if queue.owner == thread { found = queue }
          link = queue.older
        }
      }
      return found
    }
  }
}
