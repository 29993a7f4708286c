// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import CHart
  import Console
  import DeviceTree
  import Hart

  /// The kernel's memory: all free frames, and the address space that the
  /// program runs in.
  ///
  ///     0x0000_0000  nothing: null pointers trap
  ///     devices      read and write, once a driver has asked for them
  ///     0x8000_0000  nothing: the firmware's memory
  ///     image        code r-x, constants r--, variables and stacks rw-
  ///                  nothing below each stack: it traps when it overflows
  ///     free memory  read and write, megapage by megapage as it is used
  ///     the end      threads' stacks, where a scheduler maps them
  ///
  /// Everything else lies at the virtual address that is its physical one. All
  /// calls may be made from an interrupt.
  public enum KernelMemory {
    // Set by the boot hart before others run; used with interrupts off.
    private nonisolated(unsafe) static var frames:
      FrameAllocator<IdentityMemory>?
    nonisolated(unsafe) static var space: AddressSpace<Sv39, KernelTables>?

    /// Addresses at which no memory lies, and none is mapped but for stacks:
    /// the last 32 GiB that Sv39 can tell without repeating the highest bit.
    public static var placesOfStacks: Range<UInt64> {
      Sv39.lowerHalfEnd - 32 << 30..<Sv39.lowerHalfEnd
    }

    /// How many of the first tables are in use.
    private nonisolated(unsafe) static var firstTables: UInt64 = 0

    /// Frames that are kept for the tables that map another megapage.
    private static var tableReserve: UInt64 { 4 }

    /// How many frames are free.
    public static var freeFrames: UInt64 { unsafe frames?.freeFrames ?? 0 }

    /// Hands out `count` free frames side by side, readable and writable at
    /// their physical address. What they hold is whatever was there before.
    ///
    /// Some hundred instructions, and now and then some more to map the next
    /// two megabytes.
    ///
    /// - Parameters:
    ///   - count: How many frames, at least one.
    ///   - alignment: The first one's number is a multiple of it: a power of
    ///     two.
    /// - Returns: The frames, to be given back with ``release(_:)``; see
    ///   ``OwnedFrames`` for frames that go back by themselves.
    /// - Throws: `outOfFrames` or `badRequest`.
    @export(interface)
    public static func allocate(
      count: UInt64 = 1, alignment: UInt64 = 1
    ) throws(FrameError) -> FrameRun {
      try Hart.withInterruptsDisabled { () throws(FrameError) in
        var canOpen = true
        while canOpen {
          if unsafe (frames?.openFrames ?? 0) >= count + tableReserve,
            let run = try take(count, alignment)
          {
            return run
          }
          canOpen = openNext()
        }
        guard let run = try take(count, alignment) else { throw .outOfFrames }
        return run
      }
    }

    /// Releases frames. A pointer into them dangles from now on: the next
    /// caller of ``allocate(count:alignment:)`` may get them.
    ///
    /// A double free, or a release of frames that were never handed out, ends
    /// in a panic.
    @export(interface)
    public static func release(_ run: FrameRun) {
      Hart.withInterruptsDisabled {
        do throws(FrameError) {
          guard try unsafe frames?.release(run) != nil else {
            throw .foreign
          }
        } catch {
          panic("frames \(run.addresses) released: \(error.description)")
        }
      }
    }

    /// Frames from the megapages that are open; nil if they do not do.
    @inline(never)
    private static func take(
      _ count: UInt64, _ alignment: UInt64
    ) throws(FrameError) -> FrameRun? {
      do throws(FrameError) {
        return try unsafe frames?.allocate(count: count, alignment: alignment)
      } catch .outOfFrames {
        return nil
      }
    }

    /// Maps the next megapage and opens it.
    @inline(never)
    private static func openNext() -> Bool {
      guard let megapage = unsafe frames?.nextClosed() else { return false }
      do throws(MappingError) {
        try mapOwned(in: megapage)
      } catch {
        return false
      }
      unsafe frames?.open(megapage)
      return true
    }

    static func allocateTable() throws(FrameError) -> Frame {
      if unsafe firstTables < hart_first_table_count() {
        let next = unsafe hart_first_tables_address() + firstTables * Frame.size
        unsafe firstTables += 1
        return Frame(holding: next)
      }
      guard let run = try unsafe frames?.allocate() else { throw .outOfFrames }
      return run.first
    }

    /// Takes a table's frame back, unless it is one of the first, which are
    /// part of the image.
    static func releaseTable(_ frame: Frame) {
      let place = frame.address &- hart_first_tables_address()
      guard place >= hart_first_table_count() * Frame.size else { return }
      release(FrameRun(frame))
    }

    /// Maps what belongs to the kernel of a megapage.
    @inline(never)
    static func mapOwned(in megapage: Range<UInt64>) throws(MappingError) {
      var index = 0
      while let part = unsafe frames?.ownedPart(index, of: megapage) {
        if !part.isEmpty { try mapInPlace(part, .readWrite) }
        index += 1
      }
    }

    @inline(never)
    static func mapInPlace(
      _ addresses: Range<UInt64>, _ protection: Protection,
      type: MemoryType = .memory
    ) throws(MappingError) {
      guard
        try unsafe space?.map(
          addresses.lowerBound, to: addresses.lowerBound,
          size: addresses.size, protection, type: type) != nil
      else { throw .noAddressSpace }
    }

    /// Takes charge of all usable memory, and opens the first megapage of it.
    ///
    /// - Returns: That megapage's addresses.
    static func takeCharge(
      of owned: consuming AddressRanges<IdentityMemory>
    ) throws(FrameError) -> Range<UInt64> {
      var allocator = try FrameAllocator(of: owned, in: unsafe IdentityMemory())
      guard let first = allocator.nextClosed() else { throw .outOfFrames }
      allocator.open(first)
      unsafe frames = consume allocator
      return first
    }
  }
#endif
