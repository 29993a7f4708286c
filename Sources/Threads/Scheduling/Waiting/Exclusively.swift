// SPDX-License-Identifier: BSD-3-Clause

import Hart

#if !arch(riscv64)
  import Synchronization
#endif

// What all schedulers share is changed within `exclusively`: with interrupts
// off; on the host, where each test has a hart of its own, under a lock.
#if arch(riscv64)
  @inline(__always)
  func exclusively<Result>(_ body: () -> Result) -> Result {
    Hart.withInterruptsDisabled(body)
  }
#else
  private let tests = Synchronization.Mutex<Void>(())

  func exclusively<Result>(_ body: () -> Result) -> Result {
    tests._unsafeLock()
    defer { tests._unsafeUnlock() }
    return body()
  }
#endif
