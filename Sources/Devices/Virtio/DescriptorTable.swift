// SPDX-License-Identifier: BSD-3-Clause

/// Descriptors in memory of their own, which take up one descriptor of a queue:
/// indirect descriptors (virtio 1.2, section "Indirect Descriptors").
///
/// For a chain so long that it would crowd out others: the chain then has one
/// descriptor, which ``DescriptorChain/append(_:)`` makes of the table.
public struct DescriptorTable: ~Copyable {
  /// The memory in which it lies.
  public let memory: DMABuffer
  /// How many descriptors it holds.
  public private(set) var count = 0
  /// How many bytes of what they tell of the device may write.
  public private(set) var writableCount: UInt32 = 0

  private let capacity: Int

  /// An empty table in `memory`, which nothing else uses.
  public init(in memory: DMABuffer) {
    self.memory = memory
    capacity = min(memory.count / Descriptor.size, 0xFFFF)
  }

  /// Adds a stretch of memory: see
  /// ``DescriptorChain/append(_:count:isWritable:)``.
  ///
  /// - Parameters:
  ///   - address: The stretch's first byte.
  ///   - size: How many bytes, at least 1.
  ///   - isWritable: Whether the device writes it.
  public mutating func append(
    _ address: UInt64, count size: UInt32, isWritable: Bool
  ) {
    precondition(count < capacity)
    let offset = count &* Descriptor.size
    if count > 0 { linkLast() }
    memory.store64(address, at: offset)
    memory.store64(
      UInt64(size) | (isWritable ? Descriptor.isWritable : 0),
      at: offset &+ 8)
    if isWritable { writableCount &+= size }
    count &+= 1
  }

  private func linkLast() {
    let offset = (count &- 1) &* Descriptor.size &+ 8
    let word = memory.load64(at: offset) | Descriptor.hasNext
    memory.store64(word | UInt64(count) << 48, at: offset)
  }
}
