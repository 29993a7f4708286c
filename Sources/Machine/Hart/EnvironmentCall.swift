// SPDX-License-Identifier: BSD-3-Clause

/// A request to the firmware, as it stands in the registers.
///
/// SBI specification, chapter "Binary Encoding". The module SBI gives each
/// request a name and types.
public struct EnvironmentCall: Sendable {
  /// Which group of requests, in register a7.
  public var extensionID: UInt64
  /// Which request of that group, in register a6.
  public var function: UInt64
  /// What the request is about, in registers a0 to a4.
  public var arguments: (UInt64, UInt64, UInt64, UInt64, UInt64)

  /// The firmware's answer.
  public struct Answer: Sendable {
    /// 0, or a negative number that says what went wrong: register a0.
    public var error: Int
    /// What was asked for: register a1.
    public var value: UInt64

    /// An answer, as the simulated firmware of a test gives it.
    public init(error: Int = 0, value: UInt64 = 0) {
      self.error = error
      self.value = value
    }
  }

  /// A request with up to five arguments; those left out are 0.
  public init(
    extensionID: UInt64, function: UInt64,
    _ a0: UInt64 = 0, _ a1: UInt64 = 0, _ a2: UInt64 = 0, _ a3: UInt64 = 0,
    _ a4: UInt64 = 0
  ) {
    self.extensionID = extensionID
    self.function = function
    arguments = (a0, a1, a2, a3, a4)
  }

  /// Hands the request to the firmware and waits for its answer.
  public func callAsFunction() -> Answer { Machine.call(self) }
}
