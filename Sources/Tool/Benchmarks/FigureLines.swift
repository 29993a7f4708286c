// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Inspecting
import Runner

/// What a measuring image prints, read line by line.
///
///     round robin                     a line without a number: a heading
///     yield 58                        the figure "yield, round robin"
///     malloc + free, 64 B: 58         a colon before the number may stand
///     TLSF: longest 3; average 2      a table for people: no figure
///
/// An image that prints such lines needs nothing else for its figures to be
/// measured, compared with their budgets and shown.
struct FigureLines {
  let figures: [(name: String, value: Int)]

  init(_ lines: [String]) {
    var heading = ""
    var figures: [(name: String, value: Int)] = []
    for line in lines.map({ $0.trimmingCharacters(in: .whitespaces) })
    where !line.contains(";") && !line.isEmpty {
      guard let (name, value) = Self.figure(line) else {
        heading = line.contains { $0.isNumber } ? heading : ", " + line
        continue
      }
      figures.append((name + heading, value))
    }
    self.figures = figures
  }

  private static func figure(_ line: String) -> (String, Int)? {
    guard let match = line.wholeMatch(of: /(.*[^ :]):? ([0-9]+)/),
      let value = Int(match.2)
    else { return nil }
    return (String(match.1), value)
  }
}
