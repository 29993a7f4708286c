// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 6: threads that work together. Data moves between them, some of it
// protected by locks; two threads that wait for each other are found out.

import Boot
import Console
import Hart
import IPC
import Paging
import Scheduling
import Traps

// MARK: - Producers and consumers

/// A parcel cannot be copied: who has posted one does not have it any more.
struct Parcel: ~Copyable {
  let number: Int
}

/// Three producers and two consumers share a mailbox with four places. Nothing
/// is lost, nothing comes twice: the sum of all numbers tells.
func moveParcels() throws(ThreadError) {
  let mailbox = Mailbox<Parcel>(capacity: 4, name: "parcels")
  let sum = Mutex(0, name: "sum")
  let arrived = Semaphore(0, name: "arrived")
  for producer in 0..<3 {
    try Thread.spawn("producer") {
      for index in 0..<1000 {
        mailbox.post(Parcel(number: producer * 1000 + index))
      }
    }.detach()
  }
  for _ in 0..<2 {
    try Thread.spawn("consumer") {
      for _ in 0..<1500 {
        let parcel = mailbox.receive()
        sum.withLock { $0 += parcel.number }
        arrived.signal()
      }
    }.detach()
  }
  for _ in 0..<3000 { arrived.wait() }
  print("3000 parcels, the sum of their numbers is \(sum.withLock { $0 })")
}

// MARK: - From an interrupt

nonisolated(unsafe) var doorbell: Channel<Int>.Sender?

/// What an interrupt finds out comes to a thread without a lock.
func listenToDoorbell() {
  Channel<Int>.open(capacity: 8, name: "doorbell") { sender, receiver in
    var receiver = receiver
    unsafe doorbell = consume sender
    Trap.onInterrupt(.software) {
      Hart.clearSoftwareInterrupt()
      if let lost = unsafe doorbell?.trySend(7) { panic("\(lost) was lost") }
    }
    var rings = 0
    while rings < 5 {
      Hart.requestSoftwareInterrupt()
      if receiver.receive() == 7 { rings += 1 }
    }
    print("\(rings) rings came out of an interrupt")
    unsafe doorbell = nil
  }
}

// MARK: - Priorities and locks

func compute(_ span: TimeSpan) {
  let end = Instant.now(plus: span)
  while Instant.now < end {}
}

/// The least urgent thread has locked what the most urgent one needs. It
/// inherits its urgency, so that a third thread cannot come between them.
func invertPriorities() throws(ThreadError) {
  let map = Mutex(0, name: "map")
  let low = try Thread.spawn("low", priority: 4) {
    map.withLock { _ in compute(.milliseconds(2)) }
  }
  Thread.sleep(for: .microseconds(500))
  let high = try Thread.spawn("high", priority: 24) {
    let start = Instant.now
    map.withLock { $0 += 1 }
    return Instant.now.ticks - start.ticks
  }
  let middle = try Thread.spawn("middle", priority: 20) {
    compute(.milliseconds(20))
  }
  let span = Trap.clock.nanoseconds(ticks: try high.join()) / 1_000_000
  try low.join()
  try middle.join()
  print("the most urgent thread waited \(span) ms for the mutex")
}

// MARK: - Patience, and its end

func waitInVain() {
  let never = Semaphore(0, name: "never")
  let start = Instant.now
  let came = never.wait(until: .now(plus: .milliseconds(3)))
  let span = Trap.clock.nanoseconds(ticks: Instant.now.ticks - start.ticks)
  print("after \(span / 1_000_000) ms it \(came ? "came" : "had not come")")
}

/// Two philosophers, two forks, and each takes the one on his left first.
func dine() throws(ThreadError) {
  let (left, right) = (Mutex(0, name: "left"), Mutex(0, name: "right"))
  let plato = try Thread.spawn("Plato") {
    left.withLock { _ in
      Thread.sleep(for: .milliseconds(1))
      right.withLock { $0 += 1 }
    }
  }
  let kant = try Thread.spawn("Kant") {
    right.withLock { _ in
      Thread.sleep(for: .milliseconds(1))
      left.withLock { $0 += 1 }
    }
  }
  try plato.join()
  try kant.join()
}

// MARK: - The program

/// `make run-ch6 ARGS=deadlock`, or `standstill`.
func isAsked(for wish: StaticString) -> Bool {
  var words = Board.arguments
  while let word = words.next() { if word == wish { return true } }
  return false
}

print("Swiftkraft, chapter 6: IPC")
print()
Scheduler<StrictPriority, GuardedStacks>.run {
  do throws(ThreadError) {
    try moveParcels()
    listenToDoorbell()
    try invertPriorities()
    waitInVain()
    if isAsked(for: "deadlock") { try dine() }
    if isAsked(for: "standstill") { Semaphore(0, name: "never").wait() }
  } catch {
    panic("a thread could not be started, or ended early")
  }
}
