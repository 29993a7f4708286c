// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// What an ``Inspection`` has found.
public struct Findings {
  /// More problems than this have one cause.
  private static let mostProblems = 8

  let space: AddressSpace

  private let mode: PagingMode
  private let tables: Int
  private let problems: [String]
  private let status: UInt64

  init(
    mode: PagingMode, walk: PageTableWalk, places: [MemoryArea], status: UInt64
  ) {
    self.mode = mode
    self.status = status
    tables = walk.tables.count
    problems = walk.problems
    space = AddressSpace(walk.mappings, in: MemoryAreaMap(places))
  }

  /// Whether the tables hold nothing that the hart refuses, and no page that
  /// is both writable and executable.
  public var isSound: Bool { problems.isEmpty && space.isSound }

  /// For a terminal.
  ///
  /// - Parameters:
  ///   - name: The image.
  ///   - style: Whether to use colours.
  /// - Returns: The whole table, and what is wrong.
  public func lines(of name: String, style: Style) -> [String] {
    summary(name) + [""] + AddressSpaceTable(space, style: style).lines()
      + [""] + AddressSpaceTable.legend + warnings(style)
  }

  /// The same as a drawing.
  ///
  /// - Parameter name: The image.
  /// - Returns: An SVG.
  public func drawing(of name: String) -> String {
    MemoryMap(space, title: name, mode: mode.name).svg()
  }

  private func summary(_ name: String) -> [String] {
    let satp = AddressRange.hex(mode.satp, 16)
    let root = AddressRange.hex(mode.root, 8)
    let count = tables == 1 ? "1 page table" : "\(tables) page tables"
    return [
      "\(name), halted just before it powers off with status \(status).",
      "satp is 0x\(satp): \(mode.name), the first table at 0x\(root), "
        + "address space \(mode.number).",
      "\(count), \(ByteCount.text(UInt64(tables) * 4096)).",
    ]
  }

  private func warnings(_ style: Style) -> [String] {
    var words = problems.prefix(Self.mostProblems).map { $0 }
    let more = problems.count - words.count
    if more > 0 { words.append("And so are \(more) more entries.") }
    if !space.isSound {
      words.append(
        "Something is writable and executable: an attacker who can write there can "
          + "run code of his own. Map code without w, and all else without x.")
    }
    return words.isEmpty
      ? [] : [""] + words.map { style.mark("!! " + $0, Style.red) }
  }
}
