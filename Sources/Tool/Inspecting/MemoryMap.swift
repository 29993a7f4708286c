// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// An address space as a drawing, highest address at the top, not to scale.
struct MemoryMap {
  /// Where things stand from left to right.
  private struct Columns {
    let addresses: Int
    let size = 500, pages = 628, access = 650, end = 712
    var box: Int { addresses + 8 }
    var name: Int { addresses + 22 }
  }

  private let rows: [AddressSpaceRow]
  private let title: String
  private let mode: String
  private let digits: Int
  private let x: Columns

  /// - Parameters:
  ///   - space: What to draw.
  ///   - title: The image.
  ///   - mode: `Sv39`.
  init(_ space: AddressSpace, title: String, mode: String) {
    rows = space.rows.reversed()
    self.title = title
    self.mode = mode
    digits = rows.map(\.range.digits).max() ?? 8
    x = Columns(addresses: 34 + digits * 29 / 4)
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
    row.kind == .gap ? 30 : (row.note == nil ? 34 : 48)
  }

  private var heading: [String] {
    [
      SVG.text(title, x: x.name, y: 22, "strong"),
      SVG.text("size", x: x.size, y: 22, "small end"),
      SVG.text("pages", x: x.pages, y: 22, "small end"),
      SVG.text("access", x: x.access, y: 22, "small"),
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
    SVG.text(text, x: x.addresses, y: y, "mono end")
  }

  /// Many addresses that lead nowhere.
  private func pause(
    from low: AddressSpaceRow, to above: UInt64, at y: inout Int
  ) -> [String] {
    defer { y += 32 }
    let size = ByteCount.text(above - low.range.last - 1)
    return [
      "<path class=\"pause\" d=\"M\(x.box) \(y)v32M\(x.end) \(y)v32\"/>",
      SVG.text("⋮ \(size) not mapped", x: x.name, y: y + 20, "small"),
    ]
  }

  private func box(_ row: AddressSpaceRow, at y: Int) -> [String] {
    let height = height(row)
    let start = "0x" + AddressRange.hex(row.range.first, digits)
    let line = row.note == nil ? y + height / 2 + 5 : y + 21
    return [
      SVG.box(x: x.box, y: y, width: x.end - x.box, height, row.shade),
      row.kind == .gap
        ? stripes(x: x.box, y: y, width: x.end - x.box, height) : "",
      address(start, at: y + height - 4),
      SVG.text(row.title, x: x.name, y: line, row.titleClass),
      SVG.text(
        ByteCount.text(row.range.size), x: x.size, y: line, "small end"),
      SVG.text(row.pageSizeText, x: x.pages, y: line, "small end"),
      SVG.text(row.flags.letters, x: x.access, y: line, "mono access"),
      SVG.text(row.note ?? "", x: x.name, y: line + 18, "small"),
    ]
  }

  private func stripes(x: Int, y: Int, width: Int, _ height: Int) -> String {
    "<rect fill=\"url(#\(hatchingName))\" x=\"\(x)\" y=\"\(y)\" "
      + "width=\"\(width)\" height=\"\(height)\"/>"
  }

  private func legend(at y: Int) -> [String] {
    let shades = [
      ("code", "executed"), ("constants", "only read"),
      ("variables", "written"), ("device", "device"), ("gap", "not mapped"),
    ]
    return zip(stride(from: x.box, to: x.end, by: 113), shades)
      .flatMap { x, shade in
        [
          SVG.box(x: x, y: y, width: 14, 14, shade.0),
          shade.0 == "gap" ? stripes(x: x, y: y, width: 14, 14) : "",
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
