// SPDX-License-Identifier: BSD-3-Clause

/// What a device offers and a driver accepts, a bit for each feature (virtio
/// 1.2, section "Feature Bits").
///
/// Bits 0 to 23 are the device type's own; the names are the specification's.
public struct VirtioFeatures: Equatable, Sendable {
  /// The bits.
  public var bits: UInt64

  /// The features with these bits.
  public init(bits: UInt64) { self.bits = bits }

  /// The feature with this number alone.
  public init(_ number: Int) { bits = 1 << UInt64(number) }

  /// A descriptor may lead to a table of descriptors:
  /// `VIRTIO_F_INDIRECT_DESC`.
  public static let indirect = VirtioFeatures(28)
  /// Each side tells the other at which chain to speak up:
  /// `VIRTIO_F_EVENT_IDX`.
  public static let eventIndex = VirtioFeatures(29)
  /// The device follows version 1 or later: `VIRTIO_F_VERSION_1`.
  public static let version1 = VirtioFeatures(32)

  /// Whether all of `other` are among these.
  public func contains(_ other: VirtioFeatures) -> Bool {
    bits & other.bits == other.bits
  }

  /// What is in either.
  public static func | (one: Self, other: Self) -> Self {
    Self(bits: one.bits | other.bits)
  }

  /// What is in both.
  public static func & (one: Self, other: Self) -> Self {
    Self(bits: one.bits & other.bits)
  }
}
