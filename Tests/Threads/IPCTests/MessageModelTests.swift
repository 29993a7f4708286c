// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import IPC
@testable import Scheduling

/// A counter that lets others run before each access.
struct SteppedCounter: RingCounter, ~Copyable {
  private final class Cell { var value: UInt64 = 0 }
  private let cell = Cell()

  init() {}

  private func step() { Hart.restoreInterrupts(Hart.disableInterrupts()) }

  func load() -> UInt64 {
    step()
    return cell.value
  }

  func store(_ value: UInt64) {
    step()
    cell.value = value
  }
}

/// A ring whose sender moves the tail before it fills the place.
final class HastyRing: @unchecked Sendable {
  private var places = [0, 0]
  private let head = SteppedCounter()
  private let tail = SteppedCounter()

  func put(_ message: Int) -> Bool {
    let number = tail.load()
    guard number &- head.load() < 2 else { return false }
    tail.store(number &+ 1)
    Hart.restoreInterrupts(Hart.disableInterrupts())
    places[Int(number & 1)] = message
    return true
  }

  func take() -> Int? {
    let number = head.load()
    guard number != tail.load() else { return nil }
    let message = places[Int(number & 1)]
    head.store(number &+ 1)
    return message
  }
}

/// A mailbox that looks and waits in two critical sections.
final class NaiveMailbox: @unchecked Sendable {
  private var messages: [Int] = []
  private let queue = WaitQueue()

  func post(_ message: Int) {
    Dispatcher.critical { dispatcher in
      messages.append(message)
      queue.wakeFirst(dispatcher)
    }
  }

  func receive() -> Int {
    while Dispatcher.critical({ _ in messages.isEmpty }) {
      Dispatcher.critical { _ = queue.sleep($0, until: .never) }
    }
    return Dispatcher.critical { _ in messages.removeFirst() }
  }
}

@Suite(.serialized) struct MessageModelTests {
  /// Nothing lost, nothing twice, and in order.
  private func judge(_ got: [[Int]], _ sent: [[Int]]) -> String? {
    if got.flatMap({ $0 }).sorted() != sent.flatMap({ $0 }).sorted() {
      return "got \(got)"
    }
    for one in got {
      for other in sent {
        let part = one.filter { other.contains($0) }
        if part != part.sorted() { return "out of order: \(got)" }
      }
    }
    return nil
  }

  @Test(arguments: [1, 2])
  func `a mailbox loses nothing and keeps the order`(capacity: Int) {
    expectSound("mailbox, 2 and 2, capacity \(capacity)", maxPreemptions: 1) {
      _ in
      let mailbox = Mailbox<Int>(capacity: capacity)
      let logs = [Shared(), Shared()]
      var model = Model()
      for number in 0..<2 {
        model.add {
          for index in 0..<2 { mailbox.post(number * 10 + index) }
        }
        model.add {
          for _ in 0..<2 { logs[number].list.append(mailbox.receive()) }
        }
      }
      model.check = { judge(logs.map(\.list), [[0, 1], [10, 11]]) }
      return model
    }
  }

  @Test func `a naive mailbox is found out`() {
    expectViolation("naive mailbox") { _ in
      let mailbox = NaiveMailbox()
      var model = Model()
      model.add { _ = mailbox.receive() }
      model.add { mailbox.post(1) }
      return model
    }
  }

  @Test func `a mailbox with time-outs loses nothing`() {
    expectSound("mailbox, time-outs", maxPreemptions: 1) { _ in
      let mailbox = Mailbox<Int>(capacity: 1)
      let (sent, got) = (Shared(), Shared())
      var model = Model()
      for number in 0..<2 {
        model.add {
          let deadline = Instant(ticks: number == 0 ? 100 : 200)
          if mailbox.post(number, until: deadline) == nil {
            sent.list.append(number)
          }
        }
      }
      model.add {
        if let one = mailbox.receive(until: Instant(ticks: 150)) {
          got.list.append(one)
        }
      }
      model.check = {
        while let one = mailbox.tryReceive() { got.list.append(one) }
        return got.list.sorted() == sent.list.sorted()
          ? nil : "sent \(sent.list), got \(got.list)"
      }
      return model
    }
  }

  @Test func `permits are conserved, whoever is late`() {
    expectSound("semaphore, time-outs", maxPreemptions: 3) { explorer in
      let (semaphore, shared) = (Semaphore(0), Shared())
      var model = Model()
      model.add {
        if semaphore.wait(until: Instant(ticks: 100)) { semaphore.signal() }
      }
      model.add {
        semaphore.wait()
        shared.done += 1
      }
      model.add { semaphore.signal() }
      model.check = {
        shared.done == 1 && !semaphore.tryWait() ? nil : "permits are wrong"
      }
      return model
    }
  }

  @Test func `a permit lets one in`() {
    expectSound("semaphore as a lock, 3 threads, twice") { explorer in
      let (semaphore, shared) = (Semaphore(1), Shared())
      var model = Model()
      for _ in 0..<3 {
        model.add {
          for _ in 0..<2 {
            semaphore.wait()
            shared.alone(explorer)
            semaphore.signal()
          }
        }
      }
      model.check = { shared.total == 6 ? nil : "not all came in" }
      return model
    }
  }

  @Test(arguments: [1, 2])
  func `a ring needs no lock`(capacity: Int) {
    expectSound("ring, capacity \(capacity)", maxPreemptions: 4) { _ in
      let ring = Ring<Int, SteppedCounter>(capacity: capacity)
      let shared = Shared()
      var model = Model()
      model.add { for number in 1...3 { if ring.put(number) != nil { break } } }
      model.add {
        for _ in 0..<4 { if let one = ring.take() { shared.list.append(one) } }
      }
      model.check = {
        while let one = ring.take() { shared.list.append(one) }
        let expected = Array(1...max(shared.list.count, 1))
        return shared.list == expected && shared.list.count >= capacity
          ? nil : "got \(shared.list)"
      }
      return model
    }
  }

  @Test func `a hasty ring is found out`() {
    expectViolation("hasty ring") { explorer in
      let ring = HastyRing()
      var model = Model()
      model.add { _ = ring.put(1) }
      model.add {
        if let one = ring.take(), one != 1 { explorer.fail("got \(one)") }
      }
      return model
    }
  }

  @Test func `a channel's receiver is always woken`() {
    expectSound("channel, 3 messages", maxPreemptions: 4) { _ in
      let state = ChannelState<Int, SteppedCounter>(capacity: 4, "")
      let shared = Shared()
      var model = Model()
      model.add { for number in 1...3 { _ = state.send(number) } }
      model.add { for _ in 0..<3 { shared.list.append(state.receive()) } }
      model.check = { shared.list == [1, 2, 3] ? nil : "got \(shared.list)" }
      return model
    }
  }

  @Test func `a barrier lets nobody through alone, twice`() {
    expectSound("barrier, 3 threads, twice") { explorer in
      let (barrier, shared) = (Barrier(3), Shared())
      var model = Model()
      for _ in 0..<3 {
        model.add {
          for round in 1...2 {
            Dispatcher.critical { _ in shared.total += 1 }
            if barrier.wait() { shared.done += 1 }
            if shared.total < 3 * round { explorer.fail("too early") }
          }
        }
      }
      model.check = { shared.done == 2 ? nil : "\(shared.done) were last" }
      return model
    }
  }

  @Test func `once is once`() {
    expectSound("once, 3 threads") { explorer in
      let (once, shared) = (Once(), Shared())
      var model = Model()
      for _ in 0..<3 {
        model.add {
          once.run { shared.alone(explorer) }
          if shared.total != 1 { explorer.fail("not done") }
        }
      }
      return model
    }
  }

  @Test func `a pipe ends after its last byte`() {
    expectSound("pipe, 1 writer, 2 readers") { _ in
      let (pipe, shared) = (Pipe(capacity: 2), Shared())
      var model = Model()
      model.add {
        pipe.write([1, 2])
        pipe.write([3])
        pipe.close()
      }
      // One reads to the end, the other takes a part of it.
      model.add {
        while let bytes = pipe.read(upTo: 2), !bytes.isEmpty {
          shared.list += bytes.map(Int.init)
        }
      }
      model.add {
        if let bytes = pipe.read(upTo: 2) { shared.list += bytes.map(Int.init) }
      }
      model.check = {
        shared.list.sorted() == [1, 2, 3] ? nil : "got \(shared.list)"
      }
      return model
    }
  }
}
