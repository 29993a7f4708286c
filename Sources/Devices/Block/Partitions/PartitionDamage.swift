// SPDX-License-Identifier: BSD-3-Clause

import Console

/// Why a partition table, or a part of it, cannot be used.
///
/// A table is as trustworthy as its disk: none of this is a bug of the caller.
public enum PartitionTableError: Error, Equatable, Sendable {
  /// There is no table.
  case noTable
  /// The header is not there, or its checksum is wrong.
  case damagedHeader
  /// The checksum of the entries is wrong.
  case damagedEntries
  /// The table is of a later kind.
  case unsupported
  /// The table is larger than 64 KiB.
  case tooLarge
  /// The table, or a partition, is where it cannot be: not on the disk.
  case outOfRange
  /// A partition is on the disk, but not where the table says that partitions
  /// are.
  case outside
  /// A partition has sectors in common with another one, or with the table.
  case overlap
  /// What the list of logical partitions goes on with is no table.
  case brokenChain
  /// The list of logical partitions comes back to itself, or is too long.
  case endlessChain
  /// The disk ends before the copy of its table: it was cut off.
  case noCopy
  /// The disk could not be read.
  case device(BlockError)

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch self {
    case .noTable: "there is no partition table"
    case .damagedHeader: "the header of the partition table is damaged"
    case .damagedEntries: "the entries of the partition table are damaged"
    case .unsupported: "the partition table is of an unknown version"
    case .tooLarge: "the partition table is larger than 64 KiB"
    case .outOfRange: "the table or a partition is where it cannot be"
    case .outside: "a partition lies outside of the area for partitions"
    case .overlap: "partitions overlap"
    case .brokenChain: "the list of logical partitions is broken"
    case .endlessChain: "the list of logical partitions does not end"
    case .noCopy: "the disk ends before the copy of its partition table"
    case .device(let error): error.description
    }
  }
}

/// Something wrong with a table that can be used nevertheless.
public struct PartitionDamage: Equatable, Sendable {
  /// What is wrong.
  public let reason: PartitionTableError
  // 0 for nil.
  private let number: Int
  private let otherNumber: Int

  /// The number of the partition with which it is, as in ``Partition/number``;
  /// of a list of logical partitions that stops, the last before. Nil if it is
  /// the table.
  public var partition: Int? { number == 0 ? nil : number }

  /// The number of the partition that it overlaps; nil if it is the table, or
  /// if it overlaps none.
  public var other: Int? { otherNumber == 0 ? nil : otherNumber }

  init(
    _ reason: PartitionTableError, _ number: Int = 0, other: Int = 0
  ) {
    self.reason = reason
    self.number = number
    otherNumber = other
  }
}

extension Message.Interpolation {
  /// What is wrong, with which partition, and what follows from it.
  @inline(never)
  public mutating func appendInterpolation(_ damage: PartitionDamage) {
    guard let partition = damage.partition else {
      appendInterpolation(damage.reason.description)
      if damage.reason != .noCopy { appendLiteral(": its copy serves") }
      return
    }
    guard let words = damage.wordsBehindNumber else {
      appendInterpolation(damage.reason.description)
      appendLiteral(", behind partition ")
      return appendInterpolation(partition)
    }
    appendLiteral("partition ")
    appendInterpolation(partition)
    appendInterpolation(words)
    if let other = damage.other { appendInterpolation(other) }
    if damage.reason == .outOfRange {
      return appendLiteral(": it is left out")
    }
    appendLiteral(": it can be read, and not written")
  }
}

extension PartitionDamage {
  /// What is wrong with a partition, behind its number; nil if something else
  /// is.
  fileprivate var wordsBehindNumber: StaticString? {
    switch reason {
    case .overlap where other == nil: " overlaps the partition table"
    case .overlap: " overlaps partition "
    case .outside: " lies outside of the area for partitions"
    case .outOfRange: " does not lie on the disk"
    default: nil
    }
  }
}
