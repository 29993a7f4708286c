// SPDX-License-Identifier: BSD-3-Clause

/// An address space as a drawing, highest address at the top, not to scale.
struct MemoryMap {
  /// Where things stand from left to right.
  private enum X {
    static let addresses = 142, box = 150, name = 164, size = 500
    static let pages = 628, access = 650, end = 712
  }

  private let rows: [AddressSpaceRow]
  private let title: String
  private let mode: String
  private let digits: Int

  /// - Parameters:
  ///   - space: What to draw.
  ///   - title: The image.
  ///   - mode: `Sv39`.
  init(_ space: AddressSpace, title: String, mode: String) {
    rows = space.rows.reversed()
    self.title = title
    self.mode = mode
    digits = rows.map(\.range.digits).max() ?? 8
  }

  /// The whole file. The same address space gives the same bytes.
  func svg() -> String {
    var shapes = heading
    var y = 40
    for (index, row) in rows.enumerated() {
      let above = index > 0 ? rows[index - 1].range.first : nil
      if above.map({ row.range.last &+ 1 != $0 }) ?? true {
        if let above { shapes += pause(from: row, to: above, at: &y) }
        shapes.append(
          address(row.range.end(digits: digits), at: y + 11))
      }
      shapes += box(row, at: y)
      y += height(row)
    }
    shapes += legend(at: y + 14)
    return SVG.file(
      width: 720, height: y + 46, className: "memory-map",
      title: "Address space of \(title), \(mode)",
      style: MemoryMapStyle.css, shapes: [hatching] + shapes)
  }

  private func height(_ row: AddressSpaceRow) -> Int {
    row.kind == .gap ? 26 : (row.note == nil ? 34 : 48)
  }

  private var heading: [String] {
    [
      SVG.text(title, x: X.name, y: 22, "strong"),
      SVG.text("size", x: X.size, y: 22, "small end"),
      SVG.text("pages", x: X.pages, y: 22, "small end"),
      SVG.text("access", x: X.access, y: 22, "small"),
    ]
  }

  /// Stripes; the name is this drawing's own, so that a page may hold several.
  private var hatching: String {
    """
    <defs><pattern id="\(hatchingName)" width="7" height="7" \
    patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <path class="stripe" d="M0 0V7"/></pattern></defs>
    """
  }

  private var hatchingName: String {
    "stripes-" + title.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  private func address(_ text: String, at y: Int) -> String {
    SVG.text(text, x: X.addresses, y: y, "mono end")
  }

  /// Many addresses that lead nowhere.
  private func pause(
    from low: AddressSpaceRow, to above: UInt64, at y: inout Int
  ) -> [String] {
    defer { y += 32 }
    let size = ByteCount.text(above - low.range.last - 1)
    return [
      "<path class=\"pause\" d=\"M\(X.box) \(y)v32M\(X.end) \(y)v32\"/>",
      SVG.text("⋮ \(size) not mapped", x: X.name, y: y + 20, "small"),
    ]
  }

  private func box(_ row: AddressSpaceRow, at y: Int) -> [String] {
    let height = height(row)
    let start = "0x" + AddressRange.hex(row.range.first, digits)
    let lines = row.note == nil ? [y + height / 2 + 5] : [y + 21, y + 39]
    var shapes = [
      SVG.box(x: X.box, y: y, width: X.end - X.box, height, row.shade)
    ]
    if row.kind == .gap {
      shapes.append(
        "<rect fill=\"url(#\(hatchingName))\" x=\"\(X.box)\" y=\"\(y)\" "
          + "width=\"\(X.end - X.box)\" height=\"\(height)\"/>")
    }
    return shapes + [
      address(start, at: y + height - 4),
      SVG.text(row.title, x: X.name, y: lines[0], row.titleClass),
      SVG.text(
        ByteCount.text(row.range.size), x: X.size, y: lines[0], "small end"),
      SVG.text(row.pageSizeText, x: X.pages, y: lines[0], "small end"),
      SVG.text(row.flags.letters, x: X.access, y: lines[0], "mono access"),
    ] + (row.note.map { [SVG.text($0, x: X.name, y: lines[1], "small")] } ?? [])
  }

  private func legend(at y: Int) -> [String] {
    let shades = [
      ("code", "executed"), ("constants", "only read"),
      ("variables", "written"), ("device", "device"), ("gap", "not mapped"),
    ]
    return zip(stride(from: X.box, to: X.end, by: 113), shades)
      .flatMap { x, shade in
        [
          SVG.box(x: x, y: y, width: 14, 14, shade.0),
          SVG.text(shade.1, x: x + 20, y: y + 12, "small"),
        ]
      }
  }
}

extension AddressSpaceRow {
  /// The class that colours it.
  fileprivate var shade: String {
    if isDangerous { return "danger" }
    if kind == .gap { return "gap" }
    if kind == .device { return "device" }
    if flags.contains(.execute) { return "code" }
    return flags.contains(.write) ? "variables" : "constants"
  }

  fileprivate var titleClass: String { isDangerous ? "strong" : "name" }

  /// What fits between its left edge and the sizes.
  fileprivate var title: String {
    guard name.count > 36 else { return name }
    return name.prefix(35) + "…"
  }

  /// A second line, where there is more to say.
  fileprivate var note: String? {
    var notes = isDangerous ? ["!! writable and executable"] : []
    if let physical, !isIdentity {
      notes.append("physical 0x" + AddressRange.hex(physical, 8))
    }
    notes += [memoryType.words].compactMap(\.self)
    return notes.isEmpty ? nil : notes.joined(separator: ", ")
  }
}
