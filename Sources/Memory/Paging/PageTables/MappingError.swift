// SPDX-License-Identifier: BSD-3-Clause

/// Why an address space is left as it is.
public enum MappingError: Error, Equatable, Sendable {
  /// An address or a size is no multiple of 4 KiB, or the size is 0.
  case misaligned
  /// The addresses leave the lower or the upper half of those that the mode
  /// translates.
  case notCanonical
  /// A physical address does not fit 56 bits.
  case notPhysical
  /// Something is mapped already at this address, or in the large page that
  /// would have begun there.
  case overlaps(UInt64)
  /// Nothing is mapped at this address.
  case notMapped(UInt64)
  /// There is no frame left for a table.
  case outOfFrames
  /// This is memory, where a device was asked for.
  case isMemory
  /// The kernel's address space is not built yet: an entry of the init table
  /// runs before that of paging.
  case noAddressSpace

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch self {
    case .misaligned: "pages start at multiples of 4096 bytes"
    case .notCanonical: "there are no such virtual addresses"
    case .notPhysical: "there are no such physical addresses"
    case .overlaps: "something is mapped there already"
    case .notMapped: "nothing is mapped there"
    case .outOfFrames: "no frame is left for a page table"
    case .isMemory: "this is memory and no device"
    case .noAddressSpace: "the kernel's address space is not built yet"
    }
  }
}
