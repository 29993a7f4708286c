// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Calls of the past that a panic tells about beside its own: those that led
/// to the allocation of a block, for instance.
public struct Origin: Equatable, Sendable {
  /// What the calls led to: `allocated at`.
  public let title: String
  /// Innermost first.
  public let calls: [Call]

  /// - Parameters:
  ///   - title: What the calls led to.
  ///   - calls: Innermost first.
  public init(title: String, calls: [Call]) {
    self.title = title
    self.calls = calls
  }

  func lines(root: URL) -> [String] { Call.lines(calls, root: root) }
}
