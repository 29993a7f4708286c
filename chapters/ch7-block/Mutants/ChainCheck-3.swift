// Wrong: counts bytes in 32 bits, which overflow.
// SPDX-License-Identifier: BSD-3-Clause

public struct Descriptor: Sendable {
  public var address: UInt64
  public var length: UInt32
  public var flags: UInt16
  public var next: UInt16

  public static let hasNext: UInt16 = 1
  public static let isWritable: UInt16 = 2
  public static let isTable: UInt16 = 4

  public init(address: UInt64, length: UInt32, flags: UInt16, next: UInt16) {
    self.address = address
    self.length = length
    self.flags = flags
    self.next = next
  }
}

public struct ChainContents: Equatable, Sendable {
  public var readableBytes: UInt64 = 0
  public var writableBytes: UInt64 = 0
  public var descriptorCount = 0

  public init() {}
}

public enum ChainError: Error, Equatable, Sendable {
  case noSuchDescriptor
  case loop
  case empty
  case tableWithNext
  case readableAfterWritable
}

public func checkChain(
  from first: UInt16, in table: [Descriptor]
) throws(ChainError) -> ChainContents {
  var contents = ChainContents()
  var number = first
  while true {
    guard number < table.count else { throw .noSuchDescriptor }
    guard contents.descriptorCount < table.count else { throw .loop }
    let descriptor = table[Int(number)]
    try contents.add(descriptor)
    guard descriptor.flags & Descriptor.hasNext != 0 else { return contents }
    number = descriptor.next
  }
}

extension ChainContents {
  fileprivate mutating func add(
    _ descriptor: Descriptor
  ) throws(ChainError) {
    let (flags, length) = (descriptor.flags, UInt64(descriptor.length))
    guard length > 0 else { throw .empty }
    descriptorCount += 1
    guard flags & Descriptor.isTable == 0 else {
      guard flags & Descriptor.hasNext == 0 else { throw .tableWithNext }
      return
    }
    guard flags & Descriptor.isWritable == 0 else {
      writableBytes = UInt64(UInt32(writableBytes) + descriptor.length)
      return
    }
    guard writableBytes == 0 else { throw .readableAfterWritable }
    readableBytes = UInt64(UInt32(readableBytes) + descriptor.length)
  }
}
