// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import Console
  import Exercise_4_1
  import Grading

  /// A finder that hears of real calls of the kernel's heap.
  private struct Listener {
    var finder = LeakFinder()
    var log = HeapLog()
    /// How often the finder has used the heap itself.
    var ownAllocations: UInt64 = 0

    mutating func allocate(_ size: UInt64, site: UInt64) -> UInt64 {
      let address = heap_allocate(size, 16)
      hear(.allocated(address, size: size, site: site))
      return address
    }

    mutating func release(_ address: UInt64) {
      unsafe heap_release(address)
      hear(.released(address))
    }

    mutating func hear(_ event: HeapEvent) {
      log.append(event)
      let before = heap_statistics().allocations
      finder.take(event)
      _ = finder.leak(0)
      ownAllocations += heap_statistics().allocations - before
    }
  }

  func checkRealLog(_ grader: inout Grader) {
    grader.check("a leak in real calls of the heap is found") { report in
      report.expectLeakFound()
    }
    grader.check("a leak that is released is no leak any more") { report in
      report.expectLeakReleased()
    }
    grader.check("the finder does not use the heap itself") { report in
      let count = ownAllocations()
      report.expect(
        count == 0, given: "a heap that tells the finder what it does",
        expected: "no call of the heap by the finder",
        got: "\(count) allocations")
    }
  }

  // Each has a listener of some KiB in its frame: not to be inlined into one.
  extension Report {
    @inline(never)
    fileprivate mutating func expectLeakFound() {
      let (listener, _) = leakyProgram()
      expect(listener.finder, knows: listener.log)
    }

    @inline(never)
    fileprivate mutating func expectLeakReleased() {
      var (listener, leaked) = leakyProgram()
      for address in leaked { listener.release(address) }
      expect(listener.finder, knows: listener.log)
      if let address = leaked.last { listener.hear(.released(address)) }
      expect(listener.finder, knows: listener.log)
    }
  }

  @inline(never)
  private func ownAllocations() -> UInt64 { leakyProgram().0.ownAllocations }

  /// Does 200 calls, of which those of site 2 forget some of their blocks.
  @inline(never)
  private func leakyProgram() -> (Listener, leaked: [UInt64]) {
    var listener = Listener()
    var leaked: [UInt64] = []
    for round in 0..<UInt64(50) {
      let short = listener.allocate(24 + round % 3 * 100, site: 1)
      let long = listener.allocate(200, site: 2)
      listener.release(short)
      if round % 17 == 3 { leaked.append(long) } else { listener.release(long) }
    }
    return (listener, leaked)
  }
#endif
