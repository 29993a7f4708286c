// SPDX-License-Identifier: BSD-3-Clause

import Hart

#if !arch(riscv64)
  import Synchronization
#endif

// What outlives a scheduler is changed within `exclusively`: with interrupts
// off; on the host, where each test has a hart of its own, under a lock.
#if arch(riscv64)
  @inline(__always)
  func exclusively<Result>(_ body: () -> Result) -> Result {
    Hart.withInterruptsDisabled(body)
  }
#else
  private let hostLock = Synchronization.Mutex<Void>(())

  func exclusively<Result>(_ body: () -> Result) -> Result {
    hostLock._unsafeLock()
    defer { hostLock._unsafeUnlock() }
    return body()
  }
#endif
