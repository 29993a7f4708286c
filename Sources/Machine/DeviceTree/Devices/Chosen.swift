// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The device that the firmware wants the console on.
public struct StandardOutput: Sendable {
  /// The device.
  public let node: Node

  /// What follows the `:`, such as `115200n8`. Possibly empty.
  public let options: ByteView
}

// What the firmware decided for this boot stands in /chosen (section 3.6).
extension DeviceTree {
  /// The command line, without the zero at its end, or nil.
  public func bootArguments() throws(DeviceTreeError) -> ByteView? {
    try chosen("bootargs")?.string()
  }

  /// Random bytes to start a generator with, or nil.
  public func randomSeed() throws(DeviceTreeError) -> ByteView? {
    try chosen("rng-seed")?.value
  }

  /// The device for console output, or nil if none is named or it is not
  /// there. The cost is up to three passes over the tree, with an alias.
  public func standardOutput() throws(DeviceTreeError) -> StandardOutput? {
    guard let text = try chosen("stdout-path")?.string() else { return nil }
    let colon = text.firstIndex(of: 0x3a) ?? text.count
    guard let node = try node(at: text[0..<colon]) else { return nil }
    let options = text[min(colon + 1, text.count)..<text.count]
    return StandardOutput(node: node, options: options)
  }

  /// The property called `name` of the first child of the root that is called
  /// `chosen`, or nil.
  ///
  /// Every program asks for its arguments, so this is a pass over the tokens,
  /// without the nodes and what belongs to them.
  @inline(never)
  private func chosen(
    _ name: StaticString
  ) throws(DeviceTreeError) -> Property? {
    var properties = Properties(
      TokenReader(self, at: structure.lowerBound), of: self)
    var (depth, isChosen) = (0, false)
    while !isChosen {
      switch try properties.reader.next() {
      case .beginNode(let node):
        depth += 1
        isChosen = depth == 2 && bytes[node].isNamed("chosen")
      case .endNode where depth > 1: depth -= 1
      case .property: _ = try properties.next()
      case .endNode, .end: return nil
      }
    }
    while let property = try properties.next() {
      if property.isNamed(name) { return property }
    }
    return nil
  }
}
