// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import DeviceTree
import Hart

/// What lies at an address.
public enum Place: Equatable, Sendable {
  /// The first page, where a null pointer leads.
  case nullPage
  case code
  case constants
  case variables
  case bootStack
  /// Just below the boot stack.
  case belowBootStack
  case emergencyStack
  /// Memory that the firmware keeps for itself.
  case reservedMemory
  /// Memory outside the image.
  case memory
  /// A device's registers.
  case device
  case nothing

  /// The place in words, to follow "which is".
  public var description: StaticString {
    switch self {
    case .nullPage: "in the first page: a null pointer"
    case .code: "in the program's code"
    case .constants: "in the program's constants"
    case .variables: "in the program's variables"
    case .bootStack: "on the boot stack"
    case .belowBootStack: "below the boot stack: it has overflowed"
    case .emergencyStack: "on the emergency stack"
    case .reservedMemory: "in memory that the firmware keeps for itself"
    case .memory: "in memory outside the program"
    case .device: "in a device's registers"
    case .nothing: "where there is neither memory nor a known device"
    }
  }
}

/// Tells what lies where: in the image, and on the board that the device tree
/// describes.
public struct Map {
  private let image: Image
  private let tree: DeviceTree?

  /// The map of a board with `image` in its memory.
  public init(image: Image, tree: DeviceTree?) {
    self.image = image
    self.tree = tree
  }

  /// What lies at `address`. Linear in the size of the device tree: for
  /// explanations, not for every day.
  public func place(of address: UInt64) -> Place {
    if address < 4096 { return .nullPage }
    if let place = placeInImage(address) { return place }
    return .nothing
  }

  private func placeInImage(_ address: UInt64) -> Place? {
    guard image.all.contains(address) else { return nil }
    if image.text.contains(address) { return .code }
    if image.constants.contains(address) { return .constants }
    if image.variables.contains(address) { return .variables }
    if image.bootStack.contains(address) { return .bootStack }
    if image.bootStackGuard.contains(address) { return .belowBootStack }
    return .emergencyStack
  }
}
