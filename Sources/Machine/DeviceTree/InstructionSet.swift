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
  private var names: ByteView

  init(_ text: ByteView) {
    let rest = text[(text.starts(with: "rv64") ? 4 : 0)..<text.count]
    var end = 0
    while end < rest.count, Self.isLetter(rest[end]) { end += 1 }
    letters = rest[0..<end]
    names = rest[end..<rest.count]
  }

  /// No extension with a letter of its own is called s, x, z or _.
  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "s"), UInt8(ascii: "x"), UInt8(ascii: "z"), 0x5f: false
    default: true
    }
  }

  func contains(_ name: ByteView) -> Bool {
    guard name.count > 0 else { return false }
    if name.count == 1 { return contains(letter: name[0]) }
    var rest = self
    while let next = rest.nextName() {
      if next == name { return true }
    }
    return false
  }

  /// The first of the names that were not asked for yet, or nil.
  mutating func nextName() -> ByteView? {
    while names.count > 0 {
      let end = names.firstIndex(of: underscore) ?? names.count
      let name = names[0..<end]
      names = names[min(end + 1, names.count)..<names.count]
      if name.count > 0 { return name }
    }
    return nil
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
