// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What a device offers and a driver accepts, a bit for each feature (virtio
/// 1.2, section "Feature Bits").
///
/// Bits 0 to 23 are the device type's own; the names are the specification's.
/// Driver and device agree on them (negotiate them) in `VirtioTransport.begin`.
public struct VirtioFeatures: RegisterBits {
  /// The bits.
  public var rawValue: UInt64

  /// The features with these bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The feature with this number alone.
  public init(_ number: Int) { rawValue = 1 << UInt64(number) }

  /// A descriptor may lead to a table of descriptors:
  /// `VIRTIO_F_INDIRECT_DESC`.
  public static let indirect = VirtioFeatures(28)
  /// Each side tells the other at which chain to speak up:
  /// `VIRTIO_F_EVENT_IDX`.
  public static let eventIndex = VirtioFeatures(29)
  /// The device follows version 1 or later: `VIRTIO_F_VERSION_1`.
  public static let version1 = VirtioFeatures(32)

  /// What is in both.
  public static func & (one: Self, other: Self) -> Self {
    Self(rawValue: one.rawValue & other.rawValue)
  }
}
