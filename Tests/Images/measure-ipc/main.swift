// SPDX-License-Identifier: BSD-3-Clause
//
// What locks and messages cost, in instructions. Exact under -icount: the same
// on every machine.

import Console
import Hart
import IPC
import Paging
import Scheduling
import Traps

/// What `body` costs once: a loop that calls it twice, less one that calls it
/// once; the loops' own cost drops out.
@inline(__always)
func cost(_ body: () -> Void) -> UInt64 {
  let count: UInt64 = 1000
  for _ in 0..<10 { body() }
  let start = Hart.instructionsRetired
  for _ in 0..<count { body() }
  let middle = Hart.instructionsRetired
  for _ in 0..<count {
    body()
    body()
  }
  let end = Hart.instructionsRetired
  return ((end &- middle) &- (middle &- start)) / count
}

@inline(never)
func semaphorePair(_ semaphore: Semaphore) -> UInt64 {
  cost {
    semaphore.wait()
    semaphore.signal()
  }
}

@inline(never)
func mutexPair(_ mutex: Mutex<Int>) -> UInt64 {
  cost { mutex.withLock { $0 &+= 1 } }
}

@inline(never)
func mailboxPair(_ mailbox: Mailbox<Int>) -> UInt64 {
  cost {
    mailbox.post(1)
    _ = mailbox.receive()
  }
}

@inline(never)
func semaphoreRoundTrip() -> UInt64 {
  let (there, back) = (Semaphore(0), Semaphore(0))
  let count = 1000 * 3 + 10
  let partner = try? Thread.spawn("partner") {
    for _ in 0..<count {
      there.wait()
      back.signal()
    }
  }
  let result = cost {
    there.signal()
    back.wait()
  }
  try? partner?.join()
  return result
}

@inline(never)
func mailboxRoundTrip() -> UInt64 {
  let (there, back) = (Mailbox<Int>(capacity: 4), Mailbox<Int>(capacity: 4))
  let count = 1000 * 3 + 10
  let partner = try? Thread.spawn("partner") {
    for _ in 0..<count { back.post(there.receive()) }
  }
  let result = cost {
    there.post(1)
    _ = back.receive()
  }
  try? partner?.join()
  return result
}

Scheduler<RoundRobin, GuardedStacks>.run {
  print("semaphore pair \(semaphorePair(Semaphore(1)))")
  print("mutex pair \(mutexPair(Mutex(0)))")
  print("mailbox pair \(mailboxPair(Mailbox(capacity: 4)))")
  print("semaphore round trip \(semaphoreRoundTrip())")
  print("mailbox round trip \(mailboxRoundTrip())")
}
