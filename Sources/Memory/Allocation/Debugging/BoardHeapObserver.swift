// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import CHart
  import Console
  import Hart

  /// The observer of the board: a fault ends the machine, with the calls that
  /// led to the block.
  ///
  ///     panic: 24 bytes at 0x81000130 were released twice
  ///     allocated at:
  ///       #1 0x0000000080201234
  ///     released at:
  ///       #1 0x0000000080201248
  ///       at Allocation/BoardHeapObserver.swift:…
  ///     backtrace:
  ///       …
  public struct BoardHeapObserver: HeapObserver {
    // An interrupt that allocates just between the writing and the reading
    // makes one list of calls wrong, and nothing worse.
    private nonisolated(unsafe) static var entry: UInt64 = 0

    public init() {}

    /// The frame in which the heap was entered: what it calls itself is of no
    /// interest. Does nothing in an image that is not for debugging.
    @inline(__always)
    static func noteEntry(_ framePointer: UInt64) {
      #if DEBUG
        unsafe entry = framePointer
      #endif
    }

    public func callers(_ visit: (UInt64) -> Void) {
      let stack = Hart.stack
      let start = unsafe Self.entry
      Backtrace.walk(
        from: start == 0 ? hart_frame_pointer() : start, within: stack
      ) { address in
        guard stack.contains(address) else { return nil }
        return RawMemory[address]
      } visit: {
        visit($0)
      }
    }

    public func report(_ fault: HeapFault, _ block: BlockRecord) {
      panic(describe(fault, block))
    }

    private func describe(
      _ fault: HeapFault, _ block: BlockRecord
    ) -> Message {
      guard fault != .notABlock else {
        return "\(hex: block.address) \(fault.description)"
      }
      put("\(block.size) bytes at \(hex: block.address) \(fault.description)")
      if let place = fault.place { put(" \(hex: place)") }
      print()
      printOrigin("allocated at:", block.allocatedAt)
      printOrigin("released at:", block.releasedAt)
      return "noticed here:"
    }
  }

  /// Lines of the form `  #1 0x0000000080201234` below a title, as in a
  /// panic's backtrace, where the runner looks the addresses up. All of them
  /// are return addresses.
  func printOrigin(_ title: StaticString, _ calls: BlockRecord.Calls) {
    var number = 0
    calls.forEach { call in
      if number == 0 { print("\(title)") }
      number += 1
      print("  #\(number) \(hex: call, digits: 16)")
    }
  }
#endif
