// SPDX-License-Identifier: BSD-3-Clause

/// Why the bytes are no device tree, or not one that answers the question.
///
/// The firmware wrote them, so nothing here is a bug of the caller: boot code
/// prints the description and the offset, and does without the device.
public struct DeviceTreeError: Error, Equatable {
  /// What is wrong, in the few ways that a caller may want to tell apart.
  public enum Kind: Equatable, Sendable {
    case notADeviceTree, unsupportedVersion
    case blockOutside, misaligned, endsTooEarly
    case unexpectedToken, unterminatedString, tooDeep
    case badValue, numberTooWide, danglingReference, tooManyRegions
  }

  /// What is wrong.
  public let kind: Kind

  /// Where, in bytes from the start of the device tree.
  public let offset: Int

  init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch kind {
    case .notADeviceTree: "these bytes do not start like a device tree"
    case .unsupportedVersion: "the device tree's version is not 17"
    case .blockOutside: "a block lies outside the device tree"
    case .misaligned: "a block does not start where its alignment asks"
    case .endsTooEarly: "the block ends in the middle of something"
    case .unexpectedToken: "this token must not stand here"
    case .unterminatedString: "a string does not end with a zero"
    case .tooDeep: "nodes are nested deeper than 16 levels"
    case .badValue: "a property's value has the wrong size for its meaning"
    case .numberTooWide: "an address or a size does not fit 64 bits"
    case .danglingReference: "a reference leads to no node"
    case .tooManyRegions:
      "more than 24 separate regions of memory are reserved"
    }
  }
}
