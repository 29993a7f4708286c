// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// An address space as lines for a terminal.
struct AddressSpaceTable {
  private let rows: [AddressSpaceRow]
  private let style: Style

  init(_ space: AddressSpace, style: Style) {
    rows = space.rows
    self.style = style
  }

  /// A heading, then a line for each row, lowest address first.
  func lines() -> [String] {
    let cells = [Self.heading] + rows.map(cells)
    let widths = Self.heading.indices.map { column in
      cells.map { $0[column].count }.max() ?? 0
    }
    let lines = cells.map { Self.line($0, widths) }
    return [style.mark(lines[0], Style.bold)]
      + zip(rows, lines.dropFirst()).map { row, line in
        if row.isDangerous { return style.mark(line, Style.red) }
        return row.kind == .gap ? style.mark(line, Style.dim) : line
      }
  }

  /// What the letters mean.
  static let legend = [
    "rwx   the program may read, write, execute",
    "ugad  for user mode; global; accessed; dirty, which is written",
    "      +: so on some of the pages",
  ]

  private static let heading = [
    "addresses", "size", "pages", "rwx", "ugad", "physical", "what lies there",
  ]

  private func cells(_ row: AddressSpaceRow) -> [String] {
    let digits = rows.map(\.range.digits).max() ?? 8
    let start = [
      row.range.text(digits: digits), ByteCount.text(row.range.size),
    ]
    guard let physical = row.physical else {
      return start + ["", "---", "", "", "not mapped: \(row.name)"]
    }
    let place = row.isIdentity ? "same" : "0x" + AddressRange.hex(physical, 8)
    return start + [
      row.pageSizeText, row.flags.letters, row.historyText, place, words(row),
    ]
  }

  private func words(_ row: AddressSpaceRow) -> String {
    let type = row.memoryType.words.map { ", \($0)" } ?? ""
    let warning = row.isDangerous ? "!! writable and executable: " : ""
    return warning + row.name + type
  }

  /// Numbers stand to the right of their column.
  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let space = String(
        repeating: " ", count: widths[column] - cells[column].count)
      return column == 1 ? space + cells[column] : cells[column] + space
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
