// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Console
  import Exercise_3_3
  import Grading
  import Hart
  import Paging
  import Traps

  /// Lazy pages of the running kernel, touched by real loads and stores.
  @safe
  private enum RealPages {
    static let start: UInt64 = 0x30_0000_0000
    static let size: UInt64 = 64 * 4096

    // Written by the page faults, which come when they are asked for.
    nonisolated(unsafe) static var pages: LazyPages<KernelMachine>?
    nonisolated(unsafe) static var machine = KernelMachine()
    nonisolated(unsafe) static var faults = 0
    nonisolated(unsafe) static var refused = 0

    /// Maps what is missing; steps over what has no handler, and over an
    /// access that is made again and again in vain.
    static func take(_ frame: TrapFrame) -> Bool {
      unsafe faults += 1
      let isHandled = unsafe pages?.handle(frame, on: &machine) == true
      if isHandled, unsafe faults < 1000 { return true }
      unsafe refused += 1
      frame.skipInstruction()
      return true
    }

    static func begin() -> Bool {
      guard let shared = try? KernelMemory.allocate() else { return false }
      let memory = unsafe IdentityMemory()
      for offset in 0..<512 as Range<UInt64> {
        memory.store(0, at: shared.first.address + offset * 8)
      }
      unsafe pages = LazyPages(
        start..<start + size, sharedFrame: shared.first.address)
      unsafe (faults, refused) = (0, 0)
      Trap.onException { frame in RealPages.take(frame) }
      return true
    }

    static func end() { Trap.onException(nil) }

    // The compiler does not know that an access may run the code above: the
    // fences have it look at the counters again.

    static func load(_ address: UInt64) -> UInt64 {
      Hart.fence()
      defer { Hart.fence() }
      return unsafe IdentityMemory().load(address)
    }

    static func store(_ value: UInt64, at address: UInt64) {
      Hart.fence()
      unsafe IdentityMemory().store(value, at: address)
      Hart.fence()
    }
  }

  func checkRealPages(_ grader: inout Grader) {
    grader.check("real pages read as zeros, and keep what is stored") {
      report in
      guard RealPages.begin() else {
        report.expect(
          false, given: "the kernel's memory", expected: "a free frame",
          got: "none")
        return
      }
      report.touchRealPages()
      RealPages.end()
    }
  }

  extension Report {
    fileprivate mutating func touchRealPages() {
      let start = RealPages.start
      var sum: UInt64 = 0
      for page in 0..<64 as Range<UInt64> {
        sum |= RealPages.load(start + page * 4096 + 8 * page)
      }
      expect(sum, is: 0, given: "the sum of a word from each of 64 pages")
      expectFaults(64, frames: 0, "a load from each of 64 pages")
      for page in 0..<64 as Range<UInt64> where page % 8 == 0 {
        RealPages.store(page + 1, at: start + page * 4096)
        RealPages.store(page + 2, at: start + page * 4096 + 4088)
      }
      expectFaults(72, frames: 8, "stores to 8 of them after that")
      for page in 0..<64 as Range<UInt64> {
        let expected = page % 8 == 0 ? page + 1 : 0
        expect(
          RealPages.load(start + page * 4096), is: expected,
          given: "the first word of page \(page)")
      }
      expectFaults(72, frames: 8, "loads from all of them after that")
      RealPages.store(1, at: start + RealPages.size)
      expect(
        UInt64(unsafe RealPages.refused), is: 1,
        given: "faults refused after a store just behind the pages")
    }

    private mutating func expectFaults(
      _ faults: Int, frames: Int, _ what: StaticString
    ) {
      expect(
        UInt64(unsafe RealPages.faults), is: UInt64(faults),
        given: "page faults after \(what)")
      let used = unsafe RealPages.machine.frameCount
      expect(
        UInt64(used), is: UInt64(frames), given: "frames in use after \(what)")
    }
  }
#endif
