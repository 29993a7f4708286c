// SPDX-License-Identifier: BSD-3-Clause

/// What may be done with a page.
///
/// No case is both writable and executable (W^X): an attacker that managed to
/// write a page could run what was written.
public enum Protection: Equatable, Sendable {
  case readOnly
  case readWrite
  case readExecute

  /// The protection in words for a console, as in "that page may be …".
  public var description: StaticString {
    switch self {
    case .readOnly: "read, and nothing else"
    case .readWrite: "read and written, not executed"
    case .readExecute: "read and executed, not written"
    }
  }
}

/// What lies behind a page.
public enum MemoryType: Equatable, Sendable {
  /// Memory: it may be cached, and accesses may change their order.
  case memory
  /// Registers of a device: each access happens, in order, and none is made
  /// up.
  case device
}
