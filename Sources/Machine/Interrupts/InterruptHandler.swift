// SPDX-License-Identifier: BSD-3-Clause

/// A driver, which serves its device when that interrupts.
public protocol InterruptHandler: AnyObject {
  /// Serves the device. Runs with interrupts off and must not wait; it must
  /// take away what the device has asked for, or the interrupt comes again at
  /// once.
  func handleInterrupt()

  /// Whether the device may interrupt for a reason that makes a thread ready: a
  /// disk that has requests, a network card that listens. Where no device may,
  /// and no thread is ready or waits for a time, the program cannot go on.
  var mayInterrupt: Bool { get }
}

/// Why a handler cannot be attached to a source.
public enum InterruptError: Error, Equatable, Sendable {
  /// The board has no interrupt controller that this hart can reach.
  case noController
  /// The controller has no source of this number.
  case noSuchSource(UInt32)
  /// Another handler has this source.
  case isTaken(UInt32)

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch self {
    case .noController: "this board has no interrupt controller for this hart"
    case .noSuchSource: "the interrupt controller has no such source"
    case .isTaken: "another handler has this source"
    }
  }
}

/// What has come, since boot.
public struct InterruptCounts: Equatable, Sendable {
  /// Interrupts that a handler has served.
  public internal(set) var served: UInt64 = 0
  /// Times when the hart was interrupted and no source waited.
  public internal(set) var spurious: UInt64 = 0
  /// Interrupts of sources that have no handler. Such a source is turned off.
  public internal(set) var unhandled: UInt64 = 0
  /// Sources that were turned off because they did not stop.
  public internal(set) var storms: UInt64 = 0

  mutating func add(_ other: InterruptCounts) {
    served &+= other.served
    spurious &+= other.spurious
    unhandled &+= other.unhandled
    storms &+= other.storms
  }
}
