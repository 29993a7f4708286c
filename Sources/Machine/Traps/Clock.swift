// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Something that counts ticks at a known rate.
public protocol TickSource: Sendable {
  /// Ticks since some fixed time; never goes backwards.
  var ticks: UInt64 { get }
}

/// The board's clock, as this hart reads it: one instruction.
public struct HartTicks: TickSource {
  /// The board's clock.
  public init() {}

  public var ticks: UInt64 { Hart.time }
}

/// A clock for tests, which stands still until it is told to go on.
public struct ManualTicks: TickSource {
  public var ticks: UInt64

  /// A clock that shows `ticks`.
  public init(ticks: UInt64 = 0) { self.ticks = ticks }
}

/// Time in nanoseconds, from ticks of a rate that the device tree tells.
///
/// May be used from an interrupt. Each conversion costs two divisions.
public struct Clock<Source: TickSource>: Sendable {
  /// Where the ticks come from.
  public var source: Source

  /// Ticks in a second, from 1 to 10 000 000 000.
  public let frequency: UInt64

  /// A clock whose `source` counts `frequency` ticks in a second.
  public init(source: Source, frequency: UInt64) {
    precondition(frequency >= 1 && frequency <= 10_000_000_000)
    self.source = source
    self.frequency = frequency
  }

  /// Nanoseconds since the source's zero, rounded down.
  public var now: UInt64 { nanoseconds(ticks: source.ticks) }

  /// How long `ticks` last in nanoseconds, rounded down; at most 584 years.
  public func nanoseconds(ticks: UInt64) -> UInt64 {
    let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: frequency)
    let (whole, overflow) = seconds.multipliedReportingOverflow(
      by: nanosecondsPerSecond)
    guard !overflow else { return .max }
    let (sum, carry) = whole.addingReportingOverflow(
      rest * nanosecondsPerSecond / frequency)
    return carry ? .max : sum
  }

  /// How many ticks pass in `nanoseconds`, rounded up: waiting that many is
  /// never too short.
  public func ticks(nanoseconds: UInt64) -> UInt64 {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(
      dividingBy: nanosecondsPerSecond)
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: frequency)
    guard !overflow else { return .max }
    let part = rest * frequency
    let (sum, carry) = whole.addingReportingOverflow(
      part / nanosecondsPerSecond + (part % nanosecondsPerSecond > 0 ? 1 : 0))
    return carry ? .max : sum
  }
}

private let nanosecondsPerSecond: UInt64 = 1_000_000_000
