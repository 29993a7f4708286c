// SPDX-License-Identifier: BSD-3-Clause

/// The few shapes that a drawing of boxes needs.
package enum SVG {
  /// A file, which may also be made part of a page. Its style only reaches
  /// shapes inside an `svg` of its own class.
  package static func file(
    width: Int, height: Int, className: String, title: String,
    description: String? = nil, style: String, shapes: [String]
  ) -> String {
    let about = description.map { "\n<desc>\(escaped($0))</desc>" } ?? ""
    // Read out as one picture, not shape by shape.
    let role = description == nil ? "" : " role=\"img\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="\(className)"\(role) \
      viewBox="0 0 \(width) \(height)">
      <title>\(escaped(title))</title>\(about)
      <style>
      \(style)
      </style>
      \(shapes.filter { !$0.isEmpty }.joined(separator: "\n"))
      </svg>

      """
  }

  package static func text(
    _ text: String, x: Int, y: Int, _ classes: String
  ) -> String {
    text.isEmpty
      ? ""
      : "<text class=\"\(classes)\" x=\"\(x)\" y=\"\(y)\">\(escaped(text))"
        + "</text>"
  }

  package static func box(
    x: Int, y: Int, width: Int, _ height: Int, _ classes: String
  ) -> String {
    "<rect class=\"\(classes)\" x=\"\(x)\" y=\"\(y)\" "
      + "width=\"\(width)\" height=\"\(height)\"/>"
  }

  /// Text as XML writes it; what XML cannot hold becomes a question mark.
  package static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\t", "\n", "\r": String(scalar)
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": "?"
      default: String(scalar)
      }
    }.joined()
  }
}
