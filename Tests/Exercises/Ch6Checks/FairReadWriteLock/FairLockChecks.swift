// SPDX-License-Identifier: BSD-3-Clause

import Console
import Ch6Shared
import Exercise_6_3
import Grading
import Scheduling

func checkFairLock(_ grader: inout Grader) {
  grader.check("readers are inside together") { report in
    report.expectOverlap()
  }
  grader.check(
    "a writer is alone, whatever the order of two readers and it", worth: 2
  ) { report in
    report.expectAllOrders()
    report.expectWaiting()
  }
  grader.check(
    "neither side keeps the other out, nor asks in a loop",
    worth: 5
  ) { report in
    report.expectFairness(toWriter: true)
    report.expectFairness(toWriter: false)
    report.expectWaiting()
  }
  grader.check("random readers and writers", worth: 2) { report in
    var random = report.random()
    for _ in 0..<40 where !report.hasFailed { report.expectRandom(&random) }
    report.expectWaiting()
  }
}

extension Report {
  private mutating func expectEnd(
    of room: Room, _ count: Int, _ given: @autoclosure () -> Message
  ) {
    let isDone = letOthersRun { room.ended == count }
    expect(
      isDone, given: given(), expected: "all \(count) threads end",
      got: "\(room.ended) have; the others wait for ever")
    expect(
      !room.isBroken, given: given(), expected: "a writer alone inside",
      got: "a writer, and another thread, inside")
  }

  /// Threads that wait behind a writer, and behind a reader and a writer.
  fileprivate mutating func expectWaiting() {
    guard !hasFailed else { return }
    let room = Room()
    withThreads {
      let alone = turnsWhileYielding()
      room.lock.beginWriting()
      startVisits(1, reading: 2, in: room)
      expectSleep("a writer is inside, 3 threads wait", alone: alone)
      room.lock.endWriting()
      expectEnd(of: room, 3, "a writer was inside, 3 threads waited")
      room.lock.beginReading()
      startVisits(2, reading: 1, in: room)
      expectSleep("a reader is inside, 2 writers wait", alone: alone)
      room.lock.endReading()
      expectEnd(of: room, 6, "a reader was inside, 2 writers waited")
    }
  }

  /// Starts writers and then readers, and has each of them wait.
  private func startVisits(
    _ writers: Int, reading readers: Int, in room: Room
  ) {
    for index in 0..<(writers + readers) {
      start(index < writers ? "writer" : "reader") {
        if index < writers { room.write(0) } else { room.read(0) }
        room.ended += 1
      }
    }
    yield(times: 3)
  }

  fileprivate mutating func expectOverlap() {
    let room = Room()
    withThreads {
      for _ in 0..<3 {
        start("reader") {
          room.read(10)
          room.ended += 1
        }
      }
      expectEnd(of: room, 3, "three readers")
    }
    expect(
      room.mostReaders == 3, given: "three readers, no writer",
      expected: "three inside at a time", got: "\(room.mostReaders)")
  }

  /// Each of three threads waits for 0 to 2 yields outside and inside.
  fileprivate mutating func expectAllOrders() {
    for number in 0..<729 where !hasFailed {
      let room = Room()
      withThreads {
        var rest = UInt64(number)
        for index in 0..<3 {
          let (outside, inside) = (rest % 3, rest / 3 % 3)
          rest /= 9
          start(index == 0 ? "writer" : "reader") {
            yield(times: outside)
            if index == 0 { room.write(inside) } else { room.read(inside) }
            room.ended += 1
          }
        }
        expectEnd(
          of: room, 3, "a writer and two readers, order \(number) of 729")
      }
    }
  }

  fileprivate mutating func expectFairness(toWriter: Bool) {
    guard !hasFailed else { return }
    let room = Room()
    var passed = 0
    withThreads {
      for index in 0..<3 {
        start(toWriter ? "reader" : "writer") {
          yield(times: UInt64(index))
          for _ in 0..<100 {
            if toWriter { room.read(3) } else { room.write(3) }
          }
          room.ended += 1
        }
      }
      yield(times: 8)
      let before = room.entries
      if toWriter {
        room.lock.beginWriting()
        passed = room.entries - before
        room.lock.endWriting()
      } else {
        room.lock.beginReading()
        passed = room.entries - before
        room.lock.endReading()
      }
      expectEnd(of: room, 3, "three that come again and again")
    }
    expect(
      passed <= 10,
      given: toWriter
        ? "three readers that come again and again, and one writer"
        : "three writers that come again and again, and one reader",
      expected: "inside after 10 of the others at most",
      got: "\(passed) were let in before")
  }

  fileprivate mutating func expectRandom(_ random: inout SeededRandom) {
    let room = Room()
    let count = 2 + Int(random.next(below: 7))
    withThreads {
      for _ in 0..<count {
        let seed = random.next()
        start("visitor") {
          var random = SeededRandom(seed: seed)
          for _ in 0..<20 {
            yield(times: random.next(below: 3))
            let delay = random.next(below: 4)
            if random.next(below: 3) == 0 {
              room.write(delay)
            } else {
              room.read(delay)
            }
          }
          room.ended += 1
        }
      }
      expectEnd(of: room, count, "\(count) threads, 20 visits each")
    }
  }
}
