// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Allocation
  import CHart
  import Console
  import Exercise_4_3
  import Grading
  import Hart

  private typealias OwnHeap = Heap<FirstFit, FrameMemory>

  /// A customer in a queue, at an address of the heap under test.
  private struct Guest {
    let number: Int
    let name: String
    /// The address of the next one, or 0.
    let next: UInt64

    init(_ number: Int, next: UInt64) {
      self.number = number
      name = "guest number \(number) of a long evening"
      self.next = next
    }

    /// Where a guest lies, or is to lie.
    static func place(_ address: UInt64) -> UnsafeMutablePointer<Guest>? {
      unsafe UnsafeMutablePointer(bitPattern: UInt(address))
    }
  }

  func checkFirstFitHeap(_ grader: inout Grader) {
    grader.check("a heap of it takes frames when it needs them") { report in
      var heap = OwnHeap(source: FrameMemory())
      var blocks: [UInt64] = []
      for number in 0..<UInt64(60) {
        let size = 5000 + number * 16
        guard let block = heap.allocate(size: size, alignment: 16) else {
          report.expect(
            false, given: "a heap of first fit on the board's frames",
            expected: "\(size) bytes", got: "nil")
          return
        }
        blocks.append(block)
      }
      for block in blocks { heap.release(block) }
      report.expectNothingInUse(heap)
    }
    grader.check("Swift's own values live in it") { report in
      var heap = OwnHeap(source: FrameMemory())
      let sum = welcome(100, &heap)
      report.expect(
        sum == 4950, given: "a list of 100 values with strings",
        expected: "the numbers 0 to 99 again, their sum 4950", got: "\(sum)")
      report.expectNothingInUse(heap)
    }
    grader.check("a table that grows finds room and leaves none behind") {
      report in
      var heap = OwnHeap(source: FrameMemory())
      let last = tableThatGrows(to: 20_000, &heap)
      report.expect(
        last == 19_999, given: "a table of 20000 numbers that grows by halves",
        expected: "its last number is 19999", got: "\(last)")
      report.expectNothingInUse(heap)
    }
    checkIndependence(&grader)
  }

  /// An allocator that asks the heap is of no use as the heap.
  private func checkIndependence(_ grader: inout Grader) {
    grader.check("it does not use the heap itself") { report in
      var heap = OwnHeap(source: FrameMemory())
      let before = heap_statistics().allocations
      for number in 0..<UInt64(20) {
        let block = heap.allocate(size: number * 50, alignment: 16)
        let other = heap.allocate(size: 40, alignment: 64)
        if let block { heap.release(block) }
        if let other { heap.release(other) }
      }
      let count = heap_statistics().allocations - before
      report.expect(
        count == 0, given: "40 calls of allocate, 40 of release",
        expected: "none of them calls the kernel's own heap",
        got: "\(count) allocations from it")
    }
  }

  /// Makes a list of guests, and reads and removes them again.
  private func welcome(_ count: Int, _ heap: inout OwnHeap) -> Int {
    let layout = MemoryLayout<Guest>.self
    var line: UInt64 = 0
    for number in 0..<count {
      guard
        let address = heap.allocate(
          size: UInt64(layout.size), alignment: UInt64(layout.alignment))
      else { return -1 }
      unsafe Guest.place(address)?.initialize(to: Guest(number, next: line))
      line = address
    }
    var sum = 0
    while let place = unsafe Guest.place(line) {
      let guest = unsafe place.move()
      heap.release(line)
      line = guest.next
      let name = Guest(guest.number, next: 0).name
      let isWhole = guest.name.utf8.elementsEqual(name.utf8)
      sum += isWhole ? guest.number : 0
    }
    return sum
  }

  /// Appends numbers as an array does: to a larger table when one is full.
  private func tableThatGrows(
    to count: UInt64, _ heap: inout OwnHeap
  ) -> UInt64 {
    // Used at addresses that the heap has handed out.
    let memory = unsafe IdentityMemory()
    var (table, capacity): (UInt64, UInt64) = (0, 0)
    for number in 0..<count {
      if number == capacity {
        capacity += capacity / 2 + 4
        guard let larger = heap.allocate(size: capacity * 8, alignment: 16)
        else { return 0 }
        for index in 0..<number {
          memory.store(memory.load(table + index * 8), at: larger + index * 8)
        }
        if table != 0 { heap.release(table) }
        table = larger
      }
      memory.store(number, at: table + number * 8)
    }
    defer { heap.release(table) }
    let isWhole = (0..<count).allSatisfy { memory.load(table + $0 * 8) == $0 }
    return isWhole ? memory.load(table + (count - 1) * 8) : 0
  }

  extension Report {
    fileprivate mutating func expectNothingInUse(_ heap: borrowing OwnHeap) {
      let statistics = heap.statistics
      expect(
        statistics.liveBlocks == 0 && statistics.bytesInUse == 0,
        given: "a heap whose blocks were all released",
        expected: "nothing in use",
        got: "\(statistics.liveBlocks) blocks, \(statistics.bytesInUse) bytes")
    }
  }
#endif
