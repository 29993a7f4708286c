// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Whether a device can be used (section 2.3.4).
public enum Status: Equatable, Sendable {
  /// It works. Also what a node without a status means.
  case okay

  /// It does not work at present. A hart with this status sleeps and can be
  /// started.
  case disabled

  /// It works and belongs to other software, such as the firmware.
  case reserved

  /// It is broken.
  case failed

  /// It has a status that the specification does not know.
  case unknown
}

extension Node {
  /// Whether the device can be used. The status of the buses above it is
  /// not looked at.
  @inline(never)
  public func status() throws(DeviceTreeError) -> Status {
    guard let property = try property(named: "status") else { return .okay }
    let text = try property.string()
    if text == "okay" || text == "ok" { return .okay }
    if text == "disabled" { return .disabled }
    if text == "reserved" { return .reserved }
    if text == "fail" || text.starts(with: "fail-") { return .failed }
    return .unknown
  }
}
