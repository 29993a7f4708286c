// SPDX-License-Identifier: BSD-3-Clause

/// A chain of descriptors while it is being made: a value of its own, so that
/// what changes with every descriptor stays in registers.
///
///     guard var chain = queue.beginChain(3) else { … }
///     chain.append(header, count: 16, isWritable: false)
///     chain.append(data, count: 4096, isWritable: true)
///     chain.append(status, count: 1, isWritable: true)
///     queue.add(chain)
///
/// No other chain of the queue may be begun before it is added.
public struct DescriptorChain: ~Copyable {
  /// Its number until the device has used it: that of its first descriptor.
  public let head: UInt16
  let length: UInt16
  private(set) var next: UInt16
  private(set) var missing: UInt16
  private(set) var writable: UInt32 = 0
  private let rings: QueueMemory

  @inline(__always)
  init(_ rings: QueueMemory, _ first: UInt16, _ length: UInt16) {
    self.rings = rings
    (head, next) = (first, first)
    (self.length, missing) = (length, length)
  }

  /// Adds a stretch of memory; those that the device may write come last.
  ///
  /// - Parameters:
  ///   - address: The stretch's first byte.
  ///   - count: How many bytes, at least 1.
  ///   - isWritable: Whether the device writes it; it reads it otherwise.
  @inline(__always)
  public mutating func append(
    _ address: UInt64, count: UInt32, isWritable: Bool
  ) {
    if isWritable { writable &+= count }
    append(
      address, UInt64(count) | (isWritable ? Descriptor.isWritable : 0))
  }

  /// Adds the one descriptor that leads to a table of descriptors.
  public mutating func append(_ table: borrowing DescriptorTable) {
    writable = table.writableCount
    append(
      table.memory.address,
      UInt64(table.count &* Descriptor.size) | Descriptor.isTable)
  }

  @inline(__always)
  private mutating func append(_ address: UInt64, _ sizeAndFlags: UInt64) {
    precondition(missing > 0)
    missing &-= 1
    let place = next
    next = rings.next(of: place)
    rings.setDescriptor(
      place, address,
      sizeAndFlags | (missing > 0 ? Descriptor.hasNext : 0)
        | UInt64(next) << 48)
  }
}
