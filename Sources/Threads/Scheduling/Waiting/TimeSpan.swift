// SPDX-License-Identifier: BSD-3-Clause

/// A length of time.
public struct TimeSpan: Comparable, Sendable {
  /// Up to 584 years.
  public let nanoseconds: UInt64

  private init(_ count: UInt64, times factor: UInt64) {
    let (product, overflow) = count.multipliedReportingOverflow(by: factor)
    nanoseconds = overflow ? .max : product
  }

  /// So many billionths of a second.
  public static func nanoseconds(_ count: UInt64) -> TimeSpan {
    TimeSpan(count, times: 1)
  }

  /// So many millionths of a second.
  public static func microseconds(_ count: UInt64) -> TimeSpan {
    TimeSpan(count, times: 1000)
  }

  /// So many thousandths of a second.
  public static func milliseconds(_ count: UInt64) -> TimeSpan {
    TimeSpan(count, times: 1_000_000)
  }

  /// So many seconds.
  public static func seconds(_ count: UInt64) -> TimeSpan {
    TimeSpan(count, times: 1_000_000_000)
  }

  public static func < (one: Self, other: Self) -> Bool {
    one.nanoseconds < other.nanoseconds
  }
}
