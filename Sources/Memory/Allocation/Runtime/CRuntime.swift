// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import CHart
  import Console

  // The functions by which C, and what Swift was made of, ask for memory. (C
  // standard, section "Memory management functions"; POSIX, posix_memalign.)
  // Addresses are numbers here, and a null pointer is 0. All of them may be
  // called from an interrupt if the heap's functions may.

  @c(malloc)
  func malloc(_ size: UInt64) -> UInt64 { heap_allocate(size, 16) }

  @c(free)
  func free(_ address: UInt64) {
    guard address != 0 else { return }
    unsafe heap_release(address)
  }

  @c(calloc)
  func calloc(_ count: UInt64, _ each: UInt64) -> UInt64 {
    let (size, overflow) = count.multipliedReportingOverflow(by: each)
    guard !overflow else { return 0 }
    let address = heap_allocate(size, 16)
    if address != 0 { RawMemory.fill(address..<(address + size), with: 0) }
    return address
  }

  @c(realloc)
  func realloc(_ address: UInt64, _ size: UInt64) -> UInt64 {
    guard address != 0 else { return heap_allocate(size, 16) }
    guard unsafe heap_resize(address, size) == 0 else { return address }
    let other = heap_allocate(size, 16)
    guard other != 0 else { return 0 }
    unsafe RawMemory.copy(
      from: address, to: other, count: min(heap_size(address), size))
    unsafe heap_release(address)
    return other
  }

  @c(aligned_alloc)
  func alignedAllocate(_ alignment: UInt64, _ size: UInt64) -> UInt64 {
    AllocationRequest(size: size, alignment: alignment) == nil
      ? 0 : heap_allocate(size, alignment)
  }

  /// Writes the address to where `result` points. The answer is an error
  /// number of POSIX, or 0.
  @c(posix_memalign)
  func posixAlignedAllocate(
    _ result: UInt64, _ alignment: UInt64, _ size: UInt64
  ) -> Int32 {
    let invalid: Int32 = 22  // EINVAL
    let noMemory: Int32 = 12  // ENOMEM
    guard alignment >= 8, alignment & (alignment &- 1) == 0 else {
      return invalid
    }
    let address = heap_allocate(size, alignment)
    guard address != 0 else { return noMemory }
    RawMemory[result] = address
    return 0
  }

  @c(malloc_usable_size)
  func usableSize(_ address: UInt64) -> UInt64 {
    unsafe address == 0 ? 0 : heap_size(address)
  }

  /// Swift's own code has no way to go on without the memory that it asks
  /// for. C gets a null pointer instead.
  @c(heap_exhausted)
  func exhausted(size: UInt64, alignment: UInt64) -> Never {
    let heap = heap_statistics()
    panic(
      """
      out of memory: \(size) bytes with alignment \(alignment) were asked \
      for; \(heap.bytes_in_use) bytes are in use, and the largest free block \
      has \(heap.largest_free_block)
      """)
  }
#endif
