// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Hart

  /// Frames that belong to whoever holds this value, and go back when it goes.
  ///
  ///     do {
  ///       let frames = try OwnedFrames(count: 4)
  ///       …                                    // frames.run tells where
  ///     }                                      // given back here
  ///
  /// It cannot be copied, so nobody gives them back twice.
  @frozen
  public struct OwnedFrames: ~Copyable {
    /// Which frames they are.
    public let run: FrameRun

    /// Takes `count` free frames side by side, the first at a multiple of
    /// `alignment` frames.
    ///
    /// - Throws: `outOfFrames` or `badRequest`.
    public init(count: UInt64 = 1, alignment: UInt64 = 1) throws(FrameError) {
      run = try KernelMemory.allocate(count: count, alignment: alignment)
    }

    deinit { KernelMemory.release(run) }

    /// Hands the frames over to someone who gives them back by hand.
    public consuming func keep() -> FrameRun {
      let run = run
      discard self
      return run
    }
  }
#endif
