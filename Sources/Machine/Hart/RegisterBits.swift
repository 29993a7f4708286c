// SPDX-License-Identifier: BSD-3-Clause

/// A register's value whose bits have names.
///
/// It does for registers what `OptionSet` does elsewhere. That protocol makes
/// sets from array literals, and there are no arrays before there is a heap.
public protocol RegisterBits: Equatable, Sendable {
  /// All 64 bits, as the register holds them.
  var rawValue: UInt64 { get }

  /// The value that the register holds as `rawValue`.
  init(rawValue: UInt64)
}

extension RegisterBits {
  /// No bit at all.
  public static var none: Self { Self(rawValue: 0) }

  /// Whether all bits of `other` are set here.
  public func contains(_ other: Self) -> Bool {
    rawValue & other.rawValue == other.rawValue
  }

  /// The bits of both values.
  public static func | (left: Self, right: Self) -> Self {
    Self(rawValue: left.rawValue | right.rawValue)
  }
}
