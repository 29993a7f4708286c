// SPDX-License-Identifier: BSD-3-Clause

/// A group of requests to the firmware that belong together.
///
/// SBI specification, one chapter for each.
public enum SBIExtension: UInt64, Sendable {
  case base = 0x10
  /// Legacy: one character out, without an error.
  case legacyConsoleOutput = 0x01
  /// Legacy: one character in.
  case legacyConsoleInput = 0x02
  /// Legacy: power off.
  case legacyShutdown = 0x08
  case timer = 0x5449_4D45
  case hartState = 0x48_534D
  case systemReset = 0x5352_5354
  case debugConsole = 0x4442_434E
}

/// Why the firmware did not do what it was asked.
///
/// SBI specification, chapter "Binary Encoding", table of standard errors.
public enum SBIError: Error, Equatable, Sendable {
  case failed
  case notSupported
  case invalidParameter
  case denied
  case invalidAddress
  case alreadyAvailable
  case alreadyStarted
  case alreadyStopped
  /// A number that the specification did not name when this was written.
  case unknown(Int)

  init(_ number: Int) {
    self =
      switch number {
      case -1: .failed
      case -2: .notSupported
      case -3: .invalidParameter
      case -4: .denied
      case -5: .invalidAddress
      case -6: .alreadyAvailable
      case -7: .alreadyStarted
      case -8: .alreadyStopped
      default: .unknown(number)
      }
  }
}
