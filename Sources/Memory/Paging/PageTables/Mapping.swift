// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A cursor of addresses that is worked through page by page.
struct MappingCursor {
  var address: UInt64
  var physical: UInt64
  var rest: UInt64

  /// Whether a page of this size fits at its start.
  @inline(__always)
  func fits(_ size: UInt64) -> Bool {
    rest >= size && (address | physical) & (size &- 1) == 0
  }

  @inline(__always)
  mutating func advance(by size: UInt64) {
    address &+= size
    physical &+= size
    rest &-= size
  }
}

extension AddressSpace {
  /// Maps `size` bytes from `address` on to physical memory.
  ///
  /// Costs about 15 instructions a page, and a frame for each table that is
  /// new.
  ///
  /// - Parameters:
  ///   - address: The first virtual address.
  ///   - physical: The physical address that it shall lead to.
  ///   - size: How many bytes.
  ///   - protection: What may be done with them.
  ///   - type: Whether memory or a device lies there.
  /// - Throws: `misaligned`, `notCanonical`, `notPhysical`, `overlaps` or
  ///   `outOfFrames`.
  public mutating func map(
    _ address: UInt64, to physical: UInt64, size: UInt64,
    _ protection: Protection, type: MemoryType = .memory
  ) throws(MappingError) {
    try check(address, size)
    guard physical % Frame.size == 0 else { throw .misaligned }
    guard physical < 1 << 56, size <= 1 << 56 - physical else {
      throw .notPhysical
    }
    let pattern = PageTableEntry(
      page: Frame(number: 0), protection,
      isDevice: type == .device && hasMemoryTypes)
    var cursor = MappingCursor(address: address, physical: physical, rest: size)
    var pages = 0
    var addsTables = false
    do throws(MappingError) {
      while cursor.rest > 0 {
        let (table, level) = try tableForPage(at: cursor, &addsTables)
        pages &+= try fill(table, level, &cursor, with: pattern)
      }
    } catch {
      removeEmptyTables(at: cursor.address, below: root, Mode.levels - 1)
      if cursor.address != address {
        unmapKnown(address, size: cursor.address &- address)
      }
      throw error
    }
    fence(addsTables || pages > 1 ? .many : .onePage(address))
  }

  /// Goes down from the root, and adds tables, to the first level at which a
  /// page fits.
  @inline(__always)
  private mutating func tableForPage(
    at cursor: MappingCursor, _ addsTables: inout Bool
  ) throws(MappingError) -> (table: Frame, level: Int) {
    var table = root
    var level = Mode.levels &- 1
    while !cursor.fits(Mode.pageSize(level: level)) {
      let index = Mode.index(of: cursor.address, level: level)
      let old = entry(index, of: table)
      guard !old.isPage else { throw .overlaps(cursor.address) }
      if old.isValid {
        table = old.frame
      } else {
        table = try addTable(at: index, of: table)
        addsTables = true
      }
      level &-= 1
    }
    return (table, level)
  }

  /// Enters pages side by side, up to the end of the table.
  ///
  /// - Returns: How many there were.
  @inline(__always)
  private mutating func fill(
    _ table: Frame, _ level: Int, _ cursor: inout MappingCursor,
    with pattern: PageTableEntry
  ) throws(MappingError) -> Int {
    let size = Mode.pageSize(level: level)
    let first = Mode.index(of: cursor.address, level: level)
    var index = first
    repeat {
      guard !entry(index, of: table).isValid else {
        throw .overlaps(cursor.address)
      }
      setEntry(index, of: table, pattern.part(at: cursor.physical))
      cursor.advance(by: size)
      index &+= 1
      // As aligned as the first, so only its size may be missing.
    } while index < 512 && cursor.rest >= size
    return Int(truncatingIfNeeded: index &- first)
  }

  @inline(never)
  private mutating func addTable(
    at index: UInt64, of table: Frame
  ) throws(MappingError) -> Frame {
    let child = try newTable()
    tables.clearTable(child)
    setEntry(index, of: table, PageTableEntry(table: child))
    return child
  }

  func newTable() throws(MappingError) -> Frame {
    do throws(FrameError) {
      return try tables.allocateTable()
    } catch {
      throw .outOfFrames
    }
  }

  /// Gives the tables back that were added on the way to `address` and were
  /// not used.
  @inline(never)
  private func removeEmptyTables(
    at address: UInt64, below table: Frame, _ level: Int
  ) {
    let index = Mode.index(of: address, level: level)
    let entry = entry(index, of: table)
    guard level > 0, entry.isValid, !entry.isPage else { return }
    removeEmptyTables(at: address, below: entry.frame, level - 1)
    removeIfEmpty(entry.frame, at: index, of: table, near: 0)
  }

  /// Gives a table without a valid entry back.
  ///
  /// - Returns: Whether it was one.
  @inline(never)
  @discardableResult
  func removeIfEmpty(
    _ child: Frame, at index: UInt64, of table: Frame, near neighbour: UInt64
  ) -> Bool {
    guard isEmpty(child, near: neighbour) else { return false }
    setEntry(index, of: table, .none)
    tables.releaseTable(child)
    return true
  }

  /// Whether these are whole pages of addresses that are translated.
  func check(_ address: UInt64, _ size: UInt64) throws(MappingError) {
    guard size > 0, (address | size) % Frame.size == 0 else {
      throw .misaligned
    }
    let (last, overflow) = address.addingReportingOverflow(size - 1)
    guard !overflow, Mode.isCanonical(address), Mode.isCanonical(last),
      address >> 63 == last >> 63
    else { throw .notCanonical }
  }
}
