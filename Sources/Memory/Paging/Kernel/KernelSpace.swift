// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import Console
  import DeviceTree
  import Hart

  /// The address space of the running program.
  extension KernelMemory {
    /// Maps `size` bytes from the virtual `address` on to physical memory.
    ///
    /// - Parameters:
    ///   - address: Where nothing is mapped yet; a multiple of 4096.
    ///   - frames: The memory, as ``allocate(count:alignment:)`` hands it out.
    ///   - protection: What may be done with it at this address.
    /// - Throws: ``MappingError``; nothing has changed then.
    @export(interface)
    public static func map(
      _ address: UInt64, to frames: FrameRun, _ protection: Protection
    ) throws(MappingError) {
      try Hart.withInterruptsDisabled { () throws(MappingError) in
        guard
          try unsafe space?.map(
            address, to: frames.first.address,
            size: frames.count * Frame.size, protection) != nil
        else { throw .noAddressSpace }
      }
    }

    /// Makes `size` bytes from `address` on mean nothing.
    ///
    /// - Throws: ``MappingError``; nothing has changed then.
    @export(interface)
    public static func unmap(
      _ address: UInt64, size: UInt64
    ) throws(MappingError) {
      try Hart.withInterruptsDisabled { () throws(MappingError) in
        guard try unsafe space?.unmap(address, size: size) != nil else {
          throw .noAddressSpace
        }
      }
    }

    /// Changes what may be done with `size` bytes from `address` on.
    ///
    /// - Throws: ``MappingError``; nothing has changed then.
    @export(interface)
    public static func protect(
      _ address: UInt64, size: UInt64, _ protection: Protection
    ) throws(MappingError) {
      try Hart.withInterruptsDisabled { () throws(MappingError) in
        guard try unsafe space?.protect(address, size: size, protection) != nil
        else { throw .noAddressSpace }
      }
    }

    /// What the virtual `address` means now, or nil if it means nothing.
    @export(interface)
    public static func translate(_ address: UInt64) -> Translation? {
      unsafe space?.translate(address) ?? nil
    }

    /// The frame of the table with which translation begins.
    public static var rootFrame: Frame {
      Frame(number: Hart.addressTranslation & (1 << 44 - 1))
    }

    /// Follows the hart's way from the root table for `address`.
    public static func walk(_ address: UInt64, _ visit: (WalkStep) -> Void) {
      unsafe space?.walk(address, visit)
    }

    /// The registers of the device at `region`, as the device tree tells where
    /// it is. Maps them in place unless they are mapped already.
    ///
    /// - Throws: `isMemory` if memory lies there, or another ``MappingError``.
    @export(interface)
    public static func device(
      _ region: Region
    ) throws(MappingError) -> MemoryMappedBus {
      let start = region.start.roundedDown(to: Frame.size)
      guard let end = region.end.roundedUp(to: Frame.size), start < end else {
        throw .notPhysical
      }
      let bootInfo = Board.bootInfo
      for index in 0..<bootInfo.memory.count {
        let memory = bootInfo.memory[index]
        guard end <= memory.start || memory.end <= start else {
          throw .isMemory
        }
      }
      try Hart.withInterruptsDisabled { () throws(MappingError) in
        do throws(MappingError) {
          try mapInPlace(start..<end, .readWrite, type: .device)
        } catch .overlaps {
          try mapMissing(start..<end)
        }
      }
      // Registers, not memory. The bus does not check a driver's offsets.
      return unsafe MemoryMappedBus(at: region.start)
    }

    /// Maps the pages of a device that are not mapped yet: another driver has
    /// asked for the others.
    private static func mapMissing(
      _ pages: Range<UInt64>
    ) throws(MappingError) {
      var page = pages.lowerBound
      while page < pages.upperBound {
        if translate(page) == nil {
          try mapInPlace(page..<page + Frame.size, .readWrite, type: .device)
        }
        page += Frame.size
      }
    }
  }
#endif
