// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Which firmware this is. SBI specification, chapter "Base Extension"; every
/// firmware since version 0.2 has it.
extension SBI {
  /// The version of the SBI specification that the firmware follows.
  public struct Version: Equatable, Sendable {
    /// The number before the dot.
    public let major: Int
    /// The number after the dot.
    public let minor: Int

    init(encoded: UInt64) {
      major = Int(encoded >> 24 & 0x7F)
      minor = Int(encoded & 0xFF_FFFF)
    }
  }

  /// A program that offers the SBI.
  public enum Implementation: Equatable, Sendable {
    case berkeleyBootLoader
    case openSBI
    case xvisor
    case kvm
    case rustSBI
    case diosix
    case other(UInt64)

    init(number: UInt64) {
      self =
        switch number {
        case 0: .berkeleyBootLoader
        case 1: .openSBI
        case 2: .xvisor
        case 3: .kvm
        case 4: .rustSBI
        case 5: .diosix
        default: .other(number)
        }
    }

    /// The program's own name.
    public var name: StaticString {
      switch self {
      case .berkeleyBootLoader: "Berkeley Boot Loader"
      case .openSBI: "OpenSBI"
      case .xvisor: "Xvisor"
      case .kvm: "KVM"
      case .rustSBI: "RustSBI"
      case .diosix: "Diosix"
      case .other: "an unknown firmware"
      }
    }
  }

  /// The version of the specification that the firmware follows.
  ///
  /// - Throws: `SBIError.notSupported` on firmware older than version 0.2.
  public static func specificationVersion() throws(SBIError) -> Version {
    Version(encoded: try call(.base, 0))
  }

  /// Which program the firmware is.
  ///
  /// - Throws: `SBIError.notSupported` on firmware older than version 0.2.
  public static func implementation() throws(SBIError) -> Implementation {
    Implementation(number: try call(.base, 1))
  }

  /// The firmware's own version. What the bits mean is its own affair;
  /// OpenSBI puts the major version in the upper 16 of 32 bits.
  ///
  /// - Throws: `SBIError.notSupported` on firmware older than version 0.2.
  public static func implementationVersion() throws(SBIError) -> UInt64 {
    try call(.base, 2)
  }

  /// Whether the firmware offers `group`. A firmware too old to be asked
  /// offers none but the legacy groups.
  public static func offers(_ group: SBIExtension) -> Bool {
    do {
      return try call(.base, 3, group.rawValue) != 0
    } catch {
      return false
    }
  }
}
