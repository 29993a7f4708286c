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

  private func chosen(
    _ name: StaticString
  ) throws(DeviceTreeError) -> Property? {
    try node(at: "/chosen")?.property(named: name)
  }
}
