// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What every virtual address means: a tree of page tables.
///
///     satp ─▶ root ─▶ table ─▶ table ─▶ page of 4 KiB
///                │       └──▶ page of 2 MiB
///                └──▶ page of 1 GiB
///
/// The largest pages that the addresses allow are used, and split where a part
/// is changed. Every call either does all that it was asked or leaves the
/// translation as it was. Tables that become empty go back at once, and all of
/// them when this value goes; what is mapped is never its own.
///
/// If the hart uses the space at present, it is made to see each change, by
/// the smallest fence that does. Nothing here may be called from an interrupt
/// that may interrupt another call on the same space.
public struct AddressSpace<Mode: PagingMode, Tables: TableMemory>: ~Copyable {
  /// The frame of the table with which translation begins.
  public let root: Frame

  let tables: Tables
  let hasMemoryTypes: Bool

  /// A space in which nothing is mapped.
  ///
  /// - Parameters:
  ///   - tables: Where its tables come from.
  ///   - hasMemoryTypes: Whether the hart has the extension Svpbmt.
  /// - Throws: `outOfFrames` if there is none for the root.
  public init(
    tables: Tables, hasMemoryTypes: Bool
  ) throws(FrameError) {
    root = try tables.allocateTable()
    tables.clearTable(root)
    self.tables = tables
    self.hasMemoryTypes = hasMemoryTypes
  }

  deinit { releaseTables(below: root, level: Mode.levels - 1) }

  /// The value of `satp` that makes a hart use this space.
  public var satp: UInt64 { Mode.number << 60 | root.number }

  /// Makes this hart use this space.
  ///
  /// - Returns: Whether it does now. A hart that lacks the mode ignores the
  ///   order (privileged specification, section "Supervisor Address
  ///   Translation and Protection Register").
  /// - Precondition: The running code and its stack are mapped where they are.
  @unsafe
  public borrowing func activate() -> Bool {
    // First, so that the walk finds the tables as they were written.
    Hart.fenceTranslations()
    unsafe Hart.setAddressTranslation(satp)
    // Then, so that nothing is left of a space that was used before.
    Hart.fenceTranslations()
    return isActive
  }

  /// Whether this hart uses this space.
  var isActive: Bool { Hart.addressTranslation == satp }

  private func releaseTables(below table: Frame, level: Int) {
    if level > 0 {
      for index in 0..<512 {
        let entry = self.entry(UInt64(index), of: table)
        guard entry.isValid, !entry.isPage else { continue }
        releaseTables(below: entry.frame, level: level - 1)
      }
    }
    tables.releaseTable(table)
  }

  // MARK: - Entries

  @inline(__always)
  func entry(_ index: UInt64, of table: Frame) -> PageTableEntry {
    PageTableEntry(rawValue: tables.load(table.address &+ index &* 8))
  }

  @inline(__always)
  func setEntry(_ index: UInt64, of table: Frame, _ entry: PageTableEntry) {
    tables.store(entry.rawValue, at: table.address &+ index &* 8)
  }

  /// Whether a table has no valid entry. Looks at the neighbours of `index`
  /// first: tables are emptied in order, so one of them tells.
  @inline(never)
  func isEmpty(_ table: Frame, near index: UInt64) -> Bool {
    for distance in 1...512 {
      let next = (index + UInt64(distance)) % 512
      if entry(next, of: table).isValid { return false }
    }
    return true
  }

  // MARK: - Fences

  /// Makes this hart see a change that is done.
  func fence(_ change: Change) {
    guard change != .none, isActive else { return }
    if case .onePage(let address) = change {
      Hart.fenceTranslation(of: address)
    } else {
      Hart.fenceTranslations()
    }
  }
}

/// What a hart must be told of. A page that was not mapped counts as well: a
/// hart may remember that it was not.
enum Change: Equatable {
  case none
  case onePage(UInt64)
  /// Several pages, or tables (privileged specification, section "Supervisor
  /// Memory-Management Fence Instruction": no address for these).
  case many

  /// Adds a page at `address`.
  mutating func add(_ address: UInt64) {
    self = self == .none ? .onePage(address) : .many
  }
}
