// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Hart

/// Gives each test of a suite a hart of its own: tests run at the same time,
/// and those without one would share its registers.
struct EachOnItsOwnHart: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    try await SimulatedHart.$current.withValue(
      SimulatedHart(), operation: function)
  }
}

extension Trait where Self == EachOnItsOwnHart {
  static var eachOnItsOwnHart: Self { Self() }
}
