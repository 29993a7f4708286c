// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// Cells in columns: the first to the left, the others to the right, where
/// numbers stand well.
enum TextColumns {
  static func lines(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let line = row.indices.map { column in
        let space = String(
          repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
