// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import Console
#endif

/// Ends the program because a block was misused, as an allocator has found
/// without the help of `DebugAllocator`, which would know more.
///
/// - Parameters:
///   - fault: What was done to the block.
///   - address: The block.
///   - size: How many bytes it has.
@inline(__always)
func endForMisuse(
  _ fault: HeapFault, of address: UInt64, size: UInt64
) -> Never {
  endForMisuse(fault.description, of: address, size: size)
}

@inline(never)
private func endForMisuse(
  _ words: StaticString, of address: UInt64, size: UInt64
) -> Never {
  #if arch(riscv64)
    panic(
      """
      \(size) bytes at \(hex: address) \(words): CONFIGURATION=debug shows \
      which calls led there
      """)
  #else
    fatalError("\(size) bytes at \(address) \(words)")
  #endif
}
