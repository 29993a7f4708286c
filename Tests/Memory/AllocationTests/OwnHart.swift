// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Hart

/// Gives every test a hart of its own: tests run in parallel.
struct OwnHart: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    try await SimulatedHart.$current.withValue(SimulatedHart()) {
      try await function()
    }
  }
}

extension Trait where Self == OwnHart {
  static var ownHart: Self { OwnHart() }
}
