// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Neighbouring megapages that hold memory, and the index of the first. The
/// megapages of all banks are numbered without gaps:
///
///     addresses  ──────├─ bank 0 ─┤─────────────├──── bank 1 ────┤──▶
///     megapages            0 1 2 … 62               63 64 65 …
///
/// A gap of up to 64 megapages is no reason for a new bank; their records, 5
/// kB, are never touched.
private struct MemoryBank {
  var start: UInt64 = 0
  var count: UInt64 = 0
  var firstIndex: UInt64 = 0

  // Smaller numbers wrap to huge ones, so one comparison tests both ends.

  func holds(index: UInt64) -> Bool { index &- firstIndex < count }

  func holds(number: UInt64) -> Bool { number &- start < count }

  /// Whether a range begins near enough behind the end.
  func meets(_ range: Range<UInt64>) -> Bool {
    range.lowerBound / Megapage.size <= start + count + 64
  }
}

// Banks are not stored: they follow from the ranges, of which there are a
// handful.
extension AddressRanges {
  /// The bank that holds the megapage with this index or, counted from address
  /// 0, this number; the last bank if none does.
  @inline(never)
  private func bank(index: UInt64, number: UInt64) -> MemoryBank {
    var bank = MemoryBank()
    var position = 0
    while position < count {
      bank.firstIndex += bank.count
      bank.start = self[position].lowerBound / Megapage.size
      repeat {
        let end = (self[position].upperBound - 1) / Megapage.size + 1
        bank.count = end - bank.start
        position += 1
      } while position < count && bank.meets(self[position])
      if bank.holds(index: index) || bank.holds(number: number) { break }
    }
    return bank
  }

  /// How many megapages all banks have.
  var megapageCount: Int {
    let last = bank(index: .max, number: .max)
    return Int(last.firstIndex + last.count)
  }

  /// The addresses of a megapage, from 0 up to ``megapageCount``.
  @inline(never)
  func addresses(of megapage: MegapageIndex) -> Range<UInt64> {
    let index = UInt64(megapage)
    let bank = bank(index: index, number: .max)
    guard bank.holds(index: index) else { return 0..<0 }
    let start = (bank.start + index - bank.firstIndex) * Megapage.size
    return start..<start + Megapage.size
  }

  /// The megapage that holds `address`, or nil outside of all banks.
  @inline(never)
  func megapage(holding address: UInt64) -> MegapageIndex? {
    let number = address / Megapage.size
    let bank = bank(index: .max, number: number)
    guard bank.holds(number: number) else { return nil }
    return MegapageIndex(bank.firstIndex + number - bank.start)
  }
}
