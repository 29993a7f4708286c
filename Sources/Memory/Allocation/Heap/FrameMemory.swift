// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Paging

  /// The source that takes frames from the kernel's memory, when they are
  /// needed and not before.
  ///
  /// They never go back: what a heap has got it keeps. Frames lie below 2^63,
  /// as they must: Swift counts no references to objects above.
  public struct FrameMemory: MemorySource {
    /// All frames that are free.
    public init() {}

    public func memory(atLeast bytes: UInt64) -> FreeMemory? {
      let count = (bytes &+ Frame.size &- 1) / Frame.size
      guard let run = try? KernelMemory.allocate(count: count) else {
        return nil
      }
      // The kernel has just allocated these frames, so nothing else uses them.
      return unsafe FreeMemory(addresses: run.addresses)
    }
  }
#endif
