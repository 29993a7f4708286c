// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Hart

/// Gives each test of a suite a hart of its own: tests run at the same time,
/// and those without one would share its registers.
public struct OwnHart: SuiteTrait, TestTrait, TestScoping {
  public var isRecursive: Bool { true }

  public func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    try await SimulatedHart.$current.withValue(
      SimulatedHart(), operation: function)
  }
}

extension Trait where Self == OwnHart {
  public static var ownHart: Self { OwnHart() }
}
