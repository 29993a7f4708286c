// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// The shapes of a chart. A pointer that rests on one is told about it.
enum TraceShapes {
  /// With two digits after the point, which is finer than any screen.
  static func number(_ number: Double) -> String {
    Decimal.text(number, digits: 2)
  }

  /// - Parameters:
  ///   - bar: Its place from left to right.
  ///   - y: Its upper edge.
  ///   - height: To its lower edge.
  ///   - attributes: A class or a fill.
  ///   - title: What a pointer is told.
  /// - Returns: The element.
  static func bar(
    _ bar: MergedBar, y: Double, height: Double, _ attributes: String,
    title: String
  ) -> String {
    "<rect \(attributes) x=\"\(number(bar.left))\" y=\"\(number(y))\" "
      + "width=\"\(number(bar.width))\" height=\"\(number(height))\">"
      + "<title>\(SVG.escaped(title))</title></rect>"
  }

  /// The same small figure at many places.
  static func marks(
    _ figure: String, at places: [Double], y: Double, _ classes: String,
    title: String
  ) -> String {
    guard !places.isEmpty else { return "" }
    let path = places.map { "M\(number($0)) \(number(y))\(figure)" }.joined()
    return "<path class=\"\(classes)\" d=\"\(path)\">"
      + "<title>\(SVG.escaped(title))</title></path>"
  }

  static func line(
    _ classes: String, from: (x: Double, y: Double), _ way: String
  ) -> String {
    "<path class=\"\(classes)\" d=\"M\(number(from.x)) \(number(from.y))"
      + "\(way)\"/>"
  }
}
