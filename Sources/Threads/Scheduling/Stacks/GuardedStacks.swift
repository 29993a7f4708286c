// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Paging

  /// Stacks of whole frames, each mapped behind a guard area in which nothing
  /// is: a thread that overflows its stack traps, before it writes to what is
  /// not its own.
  ///
  ///     ┌───────────────┬───────┬─────────┬───────────────┬───────┬──
  ///     │ guard area    │ stack │ nothing │ guard area    │ stack │
  ///     └───────────────┴───────┴─────────┴───────────────┴───────┴──
  ///     │◀─ 256 KiB ───▶│◀─ 256 KiB ─────▶│
  ///
  /// They lie where no memory does, so a guard area costs addresses only: it is
  /// larger than the variables of any function (a test reads their sizes from
  /// the images), so that none can jump over it.
  public struct GuardedStacks: StackSource {
    public static var areGuarded: Bool { true }

    /// The size of a guard area. Stacks begin at its multiples.
    public static var guardSize: UInt64 { 256 << 10 }

    /// Where the search for a place goes on.
    private var next = KernelMemory.placesOfStacks.lowerBound

    public init() {}

    // [book: guarded-stack]
    public mutating func allocate(size: UInt64) -> Range<UInt64>? {
      guard size < 1 << 34, let start = findPlace(size),
        let frames = try? KernelMemory.allocate(count: size / Frame.size)
      else { return nil }
      do throws(MappingError) {
        try KernelMemory.map(start, to: frames, .readWrite)
      } catch {
        KernelMemory.release(frames)
        return nil
      }
      return start..<start + size
    }
    // [book: end]

    /// Finds a guard area, and room for a stack behind it. A stack begins at a
    /// multiple of the area's size, so a look at each multiple is enough.
    ///
    /// - Returns: Where the stack begins, or nil if there is no such place.
    private mutating func findPlace(_ size: UInt64) -> UInt64? {
      let places = KernelMemory.placesOfStacks
      let area = Self.guardSize
      let needed = area + (size + area - 1) / area * area
      var found: UInt64 = 0
      for _ in 0..<UInt64(places.count) / area {
        if next >= places.upperBound { (next, found) = (places.lowerBound, 0) }
        found = KernelMemory.translate(next) == nil ? found + area : 0
        next += area
        if found == needed { return next - needed + area }
      }
      return nil
    }

    public mutating func release(_ stack: Range<UInt64>) {
      guard let place = KernelMemory.translate(stack.lowerBound) else { return }
      let frames = FrameRun(
        Frame(holding: place.physical), count: UInt64(stack.count) / Frame.size)
      do throws(MappingError) {
        try KernelMemory.unmap(stack.lowerBound, size: UInt64(stack.count))
      } catch {
        // All of it is mapped, in pages of its own: this cannot happen. If it
        // does, the frames are lost, and nothing else.
        return
      }
      KernelMemory.release(frames)
    }
  }
#endif
