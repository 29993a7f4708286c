// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Allocation
  import CHart
  import Console
  import Exercise_4_2
  import Grading
  import Hart

  private typealias BoardPool = SlotPool<IdentityMemory>

  /// What calls have cost, in instructions. The grader boots with virtual
  /// time, in which the hart counts them exactly.
  private struct Costs {
    /// What it costs to measure nothing.
    private let nothing: UInt64
    private(set) var allocation: UInt64 = 0
    private(set) var release: UInt64 = 0

    init() {
      let start = Hart.instructionsRetired
      nothing = Hart.instructionsRetired - start
    }

    @inline(never)
    mutating func allocate(_ pool: inout BoardPool) -> UInt64? {
      let start = Hart.instructionsRetired
      let slot = pool.allocate()
      let end = Hart.instructionsRetired
      allocation = max(allocation, end - start - nothing)
      return slot
    }

    @inline(never)
    mutating func release(_ slot: UInt64, _ pool: inout BoardPool) -> Bool {
      let start = Hart.instructionsRetired
      let isReleased = pool.release(slot)
      let end = Hart.instructionsRetired
      release = max(release, end - start - nothing)
      return isReleased
    }
  }

  func checkPoolBudget(_ grader: inout Grader) {
    grader.check("one slot in use: 100 instructions for both calls") {
      report in
      report.expectBudget(slots: 1)
    }
    grader.check(
      "2000 slots in use: 100 instructions for both calls", worth: 7
    ) { report in
      report.expectBudget(slots: 2000)
    }
    grader.check("a pool does not use the heap") { report in
      report.expectNoHeap()
    }
  }

  extension Report {
    fileprivate mutating func expectNoHeap() {
      guard let memory = FrameMemory().memory(atLeast: 4096) else { return }
      let before = heap_statistics().allocations
      var pool = unsafe BoardPool(
        IdentityMemory(), at: memory.addresses, slotSize: 64)
      for _ in 0..<10 {
        guard let slot = pool.allocate(), pool.release(slot) else { break }
        _ = (pool.allocate(), pool.release(slot + 8))
      }
      let count = heap_statistics().allocations - before
      expect(
        count == 0, given: "a pool of 64 bytes a slot, 40 calls",
        expected: "all its notes in its own memory",
        got: "\(count) allocations from the heap")
    }

    /// Takes all slots and gives them back, twice; the most expensive call of
    /// each kind counts.
    fileprivate mutating func expectBudget(slots: UInt64) {
      let budget: UInt64 = 100
      guard let memory = FrameMemory().memory(atLeast: slots * 72 + 64) else {
        expect(false, given: "the board", expected: "memory", got: "none")
        return
      }
      var pool = unsafe BoardPool(
        IdentityMemory(), at: memory.addresses, slotSize: 64)
      var costs = Costs()
      for _ in 0..<2 { useAll(&pool, slots, &costs) }
      let (allocation, release) = (costs.allocation, costs.release)
      expect(
        allocation + release <= budget,
        given: "a pool of 64 bytes a slot, \(slots) in use at a time",
        expected: """
          at most \(budget) instructions for the dearest allocation and the \
          dearest release together, as nothing needs to be searched
          """,
        got: """
          \(allocation) and \(release), \(allocation + release) together
          """)
    }

    private mutating func useAll(
      _ pool: inout BoardPool, _ count: UInt64, _ costs: inout Costs
    ) {
      var slots: [UInt64] = []
      for _ in 0..<count {
        guard let slot = costs.allocate(&pool) else { break }
        slots.append(slot)
      }
      expect(
        slots.count == count, given: "memory for \(count) slots",
        expected: "so many", got: "\(slots.count)")
      for slot in slots {
        guard !costs.release(slot, &pool) else { continue }
        expect(
          false, given: "\(hex: slot), in use, is released", expected: "true",
          got: "false")
      }
    }
  }
#endif
