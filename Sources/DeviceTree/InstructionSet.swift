// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The extensions in a `riscv,isa` such as `rv64imafdc_zicsr_sstc`.
///
///     rv64 | imafdc | zicsr | sstc
///     base   a letter each   a name each, after `_`
///
/// The first name may follow the letters at once.
struct InstructionSet {
  private let letters: ByteView
  private let names: ByteView

  init(_ text: ByteView) {
    let rest = text[(text.starts(with: "rv64") ? 4 : 0)..<text.count]
    var end = 0
    // No extension with a letter of its own is called s, x, z or _.
    while end < rest.count, !(ByteView("sxz_").contains(rest[end])) { end += 1 }
    letters = rest[0..<end]
    names = rest[end..<rest.count]
  }

  func contains(_ name: ByteView) -> Bool {
    guard name.count > 0 else { return false }
    if name.count == 1 { return contains(letter: name[0]) }
    var rest = names
    while rest.count > 0 {
      let end = rest.firstIndex(of: underscore) ?? rest.count
      if rest[0..<end] == name { return true }
      rest = rest[min(end + 1, rest.count)..<rest.count]
    }
    return false
  }

  /// The letter g is short for imafd.
  private func contains(letter: UInt8) -> Bool {
    letters.contains(letter)
      || letters.contains(0x67) && ByteView("imafd").contains(letter)
  }

  private var underscore: UInt8 { 0x5f }
}

extension ByteView {
  func contains(_ byte: UInt8) -> Bool { firstIndex(of: byte) != nil }
}
