// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Hart

  /// Frames that are released when this value's life ends.
  ///
  ///     do {
  ///       let frames = try OwnedFrames(count: 4)
  ///       …                                    // frames.run tells where
  ///     }                                      // given back here
  ///
  /// It cannot be copied, so the frames are released once.
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

    /// Gives up ownership: the caller releases the frames.
    public consuming func keep() -> FrameRun {
      let run = run
      discard self
      return run
    }
  }
#endif
