// SPDX-License-Identifier: BSD-3-Clause

import Boot
import DeviceTree

/// What lies at an address.
public enum AddressKind: Equatable, Sendable {
  /// The first page, where a null pointer leads.
  case nullPage
  case code
  case constants
  case variables
  case bootStack
  case belowBootStack
  case emergencyStack
  case belowEmergencyStack
  case reservedMemory
  case memory
  case device
  case nothing

  /// The place in words.
  public var description: StaticString {
    switch self {
    case .nullPage: "in the first page, where a null pointer leads"
    case .code: "in the program's code"
    case .constants: "in the program's constants"
    case .variables: "in the program's variables"
    case .bootStack: "on the boot stack"
    case .belowBootStack: "below the boot stack: it has overflowed"
    case .emergencyStack: "on the emergency stack"
    case .belowEmergencyStack: "below the emergency stack: it has overflowed"
    case .reservedMemory: "in memory that the firmware keeps for itself"
    case .memory: "in memory outside the program"
    case .device: "in the registers of a device"
    case .nothing: "where there is neither memory nor a device"
    }
  }
}

/// Tells what lies where: in the image, and on the board that the device tree
/// describes.
public struct AddressMap {
  private let image: Image
  private let tree: DeviceTree?
  private let bootInfo: BootInfo?

  /// The map of a board with `image` in its memory. Without a tree, only the
  /// image is known.
  @export(interface)
  public init(image: Image, tree: DeviceTree?) {
    // A tree that is damaged in one part may still answer for another.
    self.init(image: image, tree: tree, bootInfo: try? tree?.bootInfo(hart: 0))
  }

  init(image: Image, tree: DeviceTree?, bootInfo: BootInfo?) {
    self.image = image
    self.tree = tree
    self.bootInfo = bootInfo
  }

  /// What lies at `address`. Linear in the size of the device tree: for
  /// explanations, not for every day.
  @export(interface)
  public func kind(of address: UInt64) -> AddressKind {
    if address < 4096 { return .nullPage }
    if let kind = kindInImage(address) { return kind }
    if bootInfo?.reserved.holds(address) == true { return .reservedMemory }
    if bootInfo?.memory.holds(address) == true { return .memory }
    guard let tree, (try? isDevice(address, in: tree)) == true else {
      return .nothing
    }
    return .device
  }

  private func kindInImage(_ address: UInt64) -> AddressKind? {
    if image.text.contains(address) { return .code }
    if image.constants.contains(address) { return .constants }
    if image.variables.contains(address) { return .variables }
    if image.bootStack.contains(address) { return .bootStack }
    if image.bootStackGuard.contains(address) { return .belowBootStack }
    if image.emergencyStackGuard.contains(address) {
      return .belowEmergencyStack
    }
    return image.emergencyStack.contains(address) ? .emergencyStack : nil
  }

  private func isDevice(
    _ address: UInt64, in tree: DeviceTree
  ) throws(DeviceTreeError) -> Bool {
    var nodes = tree.nodes()
    while let node = try nodes.next() {
      // A node without registers of its own, or none that a hart can reach.
      guard let region = (try? node.region()) ?? nil else { continue }
      if region.holds(address) { return true }
    }
    return false
  }
}

extension Region {
  fileprivate func holds(_ address: UInt64) -> Bool {
    address >= start && address < end
  }
}
