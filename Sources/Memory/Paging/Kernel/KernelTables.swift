// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import Hart

  /// Tables in the kernel's own frames, which are mapped where they lie: for
  /// the kernel's address space, and for others that a program makes.
  public struct KernelTables: TableMemory {
    // Only frames that the kernel has handed out for tables are used.
    private let memory = unsafe IdentityMemory()

    /// Tables in the kernel's frames.
    public init() {}

    @inline(__always)
    public func load(_ address: UInt64) -> UInt64 { memory.load(address) }

    @inline(__always)
    public func store(_ value: UInt64, at address: UInt64) {
      memory.store(value, at: address)
    }

    public func allocateTable() throws(FrameError) -> Frame {
      try KernelMemory.allocateTable()
    }

    public func releaseTable(_ frame: Frame) {
      KernelMemory.releaseTable(frame)
    }

    public func clearTable(_ frame: Frame) {
      unsafe hart_clear(frame.address, Frame.size)
    }
  }
#endif
