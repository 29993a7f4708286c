// SPDX-License-Identifier: BSD-3-Clause
//
// A million messages from eight producers to eight consumers that interrupt
// each other, and a thousand out of interrupts: each must come exactly once,
// those of one producer in its order.

import Boot
import Console
import Hart
import IPC
import Paging
import Scheduling
import Traps

let producers = 8
let share = 125_000
let rings = 1000

/// One bit for each message.
struct Marks: ~Copyable {
  private var words = [UInt64](repeating: 0, count: 8 * 125_000 / 64)
  private(set) var count = 0

  mutating func mark(_ message: Int) {
    let bit: UInt64 = 1 << UInt64(message % 64)
    guard words[message / 64] & bit == 0 else {
      panic("message \(message) came twice")
    }
    words[message / 64] |= bit
    count += 1
  }
}

/// The end of the channel that belongs to the interrupt.
nonisolated(unsafe) var doorbell: Channel<Int>.Sender?

func produce(_ producer: Int, into mailbox: Mailbox<Int>) {
  for index in 0..<share {
    mailbox.post(producer * share + index)
    if index % 1000 == 0 {
      Hart.requestSoftwareInterrupt()
    }
  }
}

func consume(from mailbox: Mailbox<Int>, _ marks: Mutex<Marks>) {
  var last = [Int](repeating: -1, count: producers)
  for _ in 0..<share {
    let message = mailbox.receive()
    let producer = message / share
    if message <= last[producer] { panic("message \(message) came too late") }
    last[producer] = message
    marks.withLock { $0.mark(message) }
  }
}

func listen(_ receiver: consuming Channel<Int>.Receiver) -> Int {
  var receiver = receiver
  var count = 0
  while count < rings {
    if receiver.receive() != 7 { panic("the doorbell said something else") }
    count += 1
  }
  return count
}

func run() throws(ThreadError) {
  let mailbox = Mailbox<Int>(capacity: 16, name: "messages")
  let marks = Mutex(Marks(), name: "marks")
  for producer in 0..<producers {
    try Thread.spawn("producer") { produce(producer, into: mailbox) }.detach()
  }
  let done = Semaphore(0, name: "done")
  for _ in 0..<producers {
    try Thread.spawn("consumer") {
      consume(from: mailbox, marks)
      done.signal()
    }.detach()
  }
  let count = Channel<Int>.open(capacity: 1024, name: "doorbell") {
    sender, receiver in
    unsafe doorbell = consume sender
    Trap.onInterrupt(.software) {
      Hart.clearSoftwareInterrupt()
      if unsafe doorbell?.trySend(7) != nil { panic("a ring was lost") }
    }
    return listen(receiver)
  }
  print("\(count) rings out of interrupts")
  for _ in 0..<producers { done.wait() }
  print("\(marks.withLock { $0.count }) messages, each once and in order")
}

Scheduler<RoundRobin, GuardedStacks>.run {
  do throws(ThreadError) { try run() } catch { panic("no memory") }
}
