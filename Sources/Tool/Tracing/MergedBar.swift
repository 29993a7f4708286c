// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// One bar of a chart, for one span of time or for many that lie too close
/// together to be told apart.
struct MergedBar: Equatable {
  /// No bar is narrower: it could not be seen.
  static let thinnest = 1.25
  /// Nearer than this two become one.
  static let finest = 0.5
  /// One that is already this wide takes in no more, unless both are solid:
  /// it can be seen how the share of time changes.
  static let widest = 6.0
  /// What is filled so far counts as solid.
  static let solid = 0.95

  private(set) var left: Double
  private(set) var right: Double
  /// From the first one's start to the last one's end.
  private(set) var span: TraceSpan
  private(set) var count = 1
  /// The length of all of them together.
  private(set) var time: UInt64

  private init(_ span: TraceSpan, _ left: Double, _ right: Double) {
    self.span = span
    self.left = left
    self.right = right
    time = span.length
  }

  var width: Double { max(right - left, Self.thinnest) }

  /// How much of it is filled.
  var density: Double {
    span.length > 0 ? Double(time) / Double(span.length) : 1
  }

  var isSolid: Bool { density >= Self.solid }

  /// - Parameters:
  ///   - spans: In the order of time, none overlapping.
  ///   - x: Where a moment is.
  /// - Returns: Fewer than two for each unit of width.
  static func bars(
    of spans: [TraceSpan], x: (UInt64) -> Double
  ) -> [MergedBar] {
    var bars: [MergedBar] = []
    for span in spans {
      let bar = MergedBar(span, x(span.start), x(span.end))
      guard var last = bars.popLast() else {
        bars.append(bar)
        continue
      }
      let isNear = bar.left - last.left - last.width < finest
      let both = last.extended(by: bar)
      if isNear, last.width < widest || (last.isSolid && both.isSolid) {
        bars.append(both)
        continue
      }
      // No light between two that belong together.
      if isNear { last.right = bar.left }
      bars += [last, bar]
    }
    return bars
  }

  private func extended(by bar: MergedBar) -> MergedBar {
    var both = self
    both.right = max(right, bar.right)
    both.span = TraceSpan(span.start, max(span.end, bar.span.end))
    both.count += bar.count
    both.time += bar.time
    return both
  }

  /// Moments, of which those too close to another are left out.
  ///
  /// - Parameters:
  ///   - moments: In the order of time.
  ///   - gap: At least so far apart.
  ///   - x: Where a moment is.
  /// - Returns: Where to put a mark.
  static func marks(
    at moments: [UInt64], gap: Double, x: (UInt64) -> Double
  ) -> [Double] {
    var marks: [Double] = []
    for place in moments.lazy.map(x) {
      if let last = marks.last, place - last < gap { continue }
      marks.append(place)
    }
    return marks
  }
}
