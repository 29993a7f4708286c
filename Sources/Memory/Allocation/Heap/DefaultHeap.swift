// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import CHart
  import Console
  import Hart

  /// The heap that a program has unless it brings its own: quick lists in
  /// front of TLSF. When a block is at hand, malloc and free cost some sixty
  /// instructions together (`make bench` counts them); a call that has to
  /// search costs some hundred.
  ///
  /// May be used from an interrupt.
  ///
  /// A program with another heap defines the five functions of CHart.h that
  /// begin with `heap_`; then nothing of this one gets into the image:
  ///
  ///     enum MyHeap {
  ///       nonisolated(unsafe) static var heap =
  ///         Heap<BuddyAllocator, _>(source: FrameMemory())
  ///     }
  ///
  ///     @c(heap_allocate)
  ///     func allocate(size: UInt64, alignment: UInt64) -> UInt64 {
  ///       unsafe MyHeap.heap.allocate(size: size, alignment: alignment) ?? 0
  ///     }
  ///     …
  ///
  /// A small block that is released twice, or written to after its release,
  /// ends the program when the block comes up again: see `QuickLists`. In an
  /// image for debugging every block is checked: see `DebugAllocator`.
  public enum DefaultHeap {
    // Constant, so that it is there before anything runs: an initialiser of
    // its own would be called at the first use, perhaps from an interrupt.
    // Used with interrupts disabled.
    #if DEBUG
      fileprivate nonisolated(unsafe) static var heap = Heap<
        DebugAllocator<QuickLists<TLSFAllocator>, BoardHeapObserver>, _
      >(source: FrameMemory())
    #else
      fileprivate nonisolated(unsafe) static var heap = Heap<
        QuickLists<TLSFAllocator>, _
      >(source: FrameMemory())
    #endif

    /// Gives the heap memory beside the frames that it takes.
    public static func add(_ memory: consuming FreeMemory) {
      unsafe heap.add(memory)
    }

    #if DEBUG
      /// Checks the red zones of every block in use and the pattern in every
      /// block in quarantine. Panics if a byte of them was overwritten.
      public static func check() {
        Hart.withInterruptsDisabled { unsafe heap.allocator.check() }
      }

      /// Prints all blocks in use, each with the calls that led to it: at the
      /// end of a program these are its leaks. `make run-ch4
      /// CONFIGURATION=debug ARGS=leaks` has it printed there.
      public static func reportLeaks() {
        unsafe heap.allocator.forEachLiveBlock { block in
          print("\(block.size) bytes at \(hex: block.address) are in use")
          printOrigin("allocated at:", block.allocatedAt)
        }
      }
    #endif
  }

  #if DEBUG
    /// What the optimiser makes a constant is initialised at its first use in
    /// an image for debugging: here, before there are interrupts.
    enum DebugHeapStartup {
      @section(".init_table.2.00") @used
      static let entry: InitEntry = (
        start: { unsafe DefaultHeap.heap.prepare() },
        stop: { DebugHeapStartup.stop() }
      )

      /// Looks at all blocks for the last time, and lists the leaks if the
      /// program's arguments ask for it.
      static func stop() {
        DefaultHeap.check()
        var words = Board.arguments
        while let word = words.next() {
          guard word == "leaks" else { continue }
          print("\(heap_statistics().live_blocks) blocks are left")
          DefaultHeap.reportLeaks()
        }
      }
    }
  #endif

  @c(default_heap_allocate)
  func allocate(size: UInt64, alignment: UInt64) -> UInt64 {
    BoardHeapObserver.noteEntry(hart_frame_pointer())
    return unsafe DefaultHeap.heap.allocate(size: size, alignment: alignment)
      ?? 0
  }

  @c(default_heap_release)
  func release(address: UInt64) {
    BoardHeapObserver.noteEntry(hart_frame_pointer())
    unsafe DefaultHeap.heap.release(address)
  }

  @c(default_heap_size)
  func size(address: UInt64) -> UInt64 {
    unsafe DefaultHeap.heap.size(of: address)
  }

  @c(default_heap_resize)
  func resize(address: UInt64, size: UInt64) -> UInt64 {
    unsafe DefaultHeap.heap.resize(address, to: size) ? 1 : 0
  }

  @c(default_heap_statistics)
  func statistics() -> heap_statistics {
    heap_statistics(unsafe DefaultHeap.heap.statistics)
  }

  extension heap_statistics {
    /// The statistics in the form that C programs read.
    public init(_ statistics: Statistics) {
      self.init(
        bytes_in_use: statistics.bytesInUse,
        peak_bytes_in_use: statistics.peakBytesInUse,
        live_blocks: statistics.liveBlocks,
        allocations: statistics.allocations, failures: statistics.failures,
        bytes_managed: statistics.bytesManaged,
        bytes_free: statistics.bytesFree,
        largest_free_block: statistics.largestFreeBlock)
    }
  }
#endif
