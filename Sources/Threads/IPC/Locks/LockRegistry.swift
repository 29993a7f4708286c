// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

#if !arch(riscv64)
  import Synchronization
#endif

/// All mutexes there are, so that those of a thread that ends can be found:
/// locking itself keeps no list, which would make it slower by a third.
///
///     newest ─▶ lock ⇄ lock ⇄ lock
///
/// A lock is here from its `init` to its `deinit`; its place here does not keep
/// it alive.
enum LockRegistry {
  // Changed with interrupts off; on the host, where each test has a hart of its
  // own, by one test at a time.
  private nonisolated(unsafe) static var newest = LockLink.none

  static func add(_ lock: Lock) {
    exclusively {
      let link = LockLink(lock)
      lock.older = unsafe newest
      unsafe newest.with { $0.newer = link }
      unsafe newest = link
      unsafe Dispatcher.findMutex = { LockRegistry.lock(of: $0) }
    }
  }

  static func remove(_ lock: Lock) {
    exclusively {
      let (newer, older) = (lock.newer, lock.older)
      older.with { $0.newer = newer }
      if newer.isNone { unsafe newest = older }
      newer.with { $0.older = older }
    }
  }

  /// A mutex that `thread` has locked, or nil.
  private static func lock(of thread: ThreadReference) -> Waitable? {
    exclusively {
      var link = unsafe newest
      var found: Waitable?
      while !link.isNone, found == nil {
        link.with { lock in
          if lock.owner == thread { found = lock }
          link = lock.older
        }
      }
      return found
    }
  }

  #if arch(riscv64)
    @inline(__always)
    private static func exclusively<Result>(_ body: () -> Result) -> Result {
      Hart.withInterruptsDisabled(body)
    }
  #else
    private static let tests = Synchronization.Mutex<Void>(())

    private static func exclusively<Result>(_ body: () -> Result) -> Result {
      tests._unsafeLock()
      defer { tests._unsafeUnlock() }
      return body()
    }
  #endif
}

/// A lock in the registry, or none. Nothing is counted: a lock whose last
/// reference has gone would be counted up and down again, and go twice.
@safe
struct LockLink {
  static let none = LockLink()

  private let reference: Unmanaged<Lock>?

  private init() { unsafe reference = nil }

  init(_ lock: Lock) { unsafe reference = .passUnretained(lock) }

  var isNone: Bool { unsafe reference == nil }

  /// Does nothing if there is no lock.
  func with(_ body: (Lock) -> Void) {
    unsafe reference?._withUnsafeGuaranteedRef { body($0) }
  }
}
