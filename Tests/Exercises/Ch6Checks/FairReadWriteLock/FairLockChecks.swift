// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_6_3
  import Console
  import Ch6Shared
  import Exercise_6_3
  import Grading
  import Scheduling

  /// A lock, and who is inside.
  private final class Room: @unchecked Sendable {
    let lock = FairReadWriteLock()
    var readers = 0
    var writers = 0
    var mostReaders = 0
    var entries = 0
    var ended = 0
    var isBroken = false

    func read(_ delay: UInt64) {
      lock.beginReading()
      readers += 1
      enter()
      yield(times: delay)
      look()
      readers -= 1
      lock.endReading()
    }

    func write(_ delay: UInt64) {
      lock.beginWriting()
      writers += 1
      enter()
      yield(times: delay)
      look()
      writers -= 1
      lock.endWriting()
    }

    private func enter() {
      entries += 1
      mostReaders = max(mostReaders, readers)
      look()
    }

    private func look() {
      if writers > 1 || writers == 1 && readers > 0 { isBroken = true }
    }
  }

  func checkFairLock(_ grader: inout Grader) {
    grader.check("readers are inside together") { report in
      report.expectOverlap()
    }
    grader.check("a writer is alone, whatever the order of two readers and it")
    { report in
      report.expectAllOrders()
    }
    grader.check("a stream of readers does not keep a writer out") { report in
      report.expectFairness(toWriter: true)
    }
    grader.check("a stream of writers does not keep a reader out") { report in
      report.expectFairness(toWriter: false)
    }
    grader.check("random readers and writers") { report in
      var random = report.random()
      for _ in 0..<40 where !report.hasFailed { report.expectRandom(&random) }
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
        got: "a writer, and somebody else, inside")
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
#endif
