// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// What a program may do with a page, and what the hart keeps with it.
struct PageFlags: OptionSet, Hashable {
  let rawValue: UInt64

  static let read = PageFlags(rawValue: 1 << 1)
  static let write = PageFlags(rawValue: 1 << 2)
  static let execute = PageFlags(rawValue: 1 << 3)
  /// For programs in U-mode. The manual calls it U.
  static let user = PageFlags(rawValue: 1 << 4)
  /// The same in all address spaces. The manual calls it G.
  static let global = PageFlags(rawValue: 1 << 5)
  /// Something has used the page. The manual calls it A.
  static let accessed = PageFlags(rawValue: 1 << 6)
  /// Something has written to it. The manual calls it D.
  static let dirty = PageFlags(rawValue: 1 << 7)

  static let access: PageFlags = [.read, .write, .execute]
  /// What the hart itself changes.
  static let history: PageFlags = [.accessed, .dirty]

  /// `r-x`.
  var letters: String {
    (contains(.read) ? "r" : "-") + (contains(.write) ? "w" : "-")
      + (contains(.execute) ? "x" : "-")
  }

  /// Whether a program that can be made to write here can be made to run what
  /// it wrote.
  var isWritableAndExecutable: Bool { isSuperset(of: [.write, .execute]) }
}

/// How caches treat a page (extension Svpbmt).
enum MemoryType: UInt64 {
  case normal = 0
  case notCached = 1
  case device = 2

  /// Nil for what needs no mention.
  var words: String? {
    switch self {
    case .normal: nil
    case .notCached: "not cached"
    case .device: "as a device"
    }
  }
}

/// Eight bytes of a page table (privileged specification, section "Sv39").
struct PageTableEntry {
  let rawValue: UInt64

  enum Meaning: Equatable {
    case nothing
    /// The next table's address.
    case table(UInt64)
    /// A page's address, and its size.
    case page(UInt64, size: UInt64)
    /// The hart refuses it, for this reason.
    case broken(String)
  }

  var flags: PageFlags { PageFlags(rawValue: rawValue & 0xFE) }
  var memoryType: MemoryType { MemoryType(rawValue: type) ?? .normal }

  private var frame: UInt64 { rawValue >> 10 & (1 << 44 - 1) }
  private var type: UInt64 { rawValue >> 61 & 3 }
  private var isNaturalPower: Bool { rawValue >> 63 == 1 }

  /// - Parameter level: 0 for a table whose entries map 4 KiB each; every
  ///   level above maps 512 times as much.
  /// - Returns: What the hart does with it.
  func meaning(level: Int) -> Meaning {
    guard rawValue & 1 == 1 else { return .nothing }
    guard rawValue >> 54 & 0x7F == 0 else {
      return .broken("bits 54 to 60 are not zero")
    }
    guard flags.isDisjoint(with: .access) else { return page(level) }
    guard level > 0 else {
      return .broken("it leads to another table, and this one is the last")
    }
    guard flags.isDisjoint(with: [.user, .accessed, .dirty]), type == 0,
      !isNaturalPower
    else {
      return .broken("it leads to a table, and U, A, D, PBMT or N is set")
    }
    return .table(frame << 12)
  }

  private func page(_ level: Int) -> Meaning {
    guard !flags.contains(.write) || flags.contains(.read) else {
      return .broken("it may be written and not read")
    }
    guard type < 3 else { return .broken("PBMT is 3, which is reserved") }
    if isNaturalPower { return naturalPower(level) }
    let size: UInt64 = 4096 << (UInt64(level) * 9)
    guard frame << 12 % size == 0 else {
      return .broken(
        "a page of \(ByteCount.text(size)) does not start at a multiple of it")
    }
    return .page(frame << 12, size: size)
  }

  /// One of 16 entries that map 64 KiB together (extension Svnapot).
  private func naturalPower(_ level: Int) -> Meaning {
    guard level == 0, frame & 0xF == 8 else {
      return .broken("N is set, and the entry is none of 64 KiB")
    }
    return .page((frame & ~0xF) << 12, size: 65536)
  }
}
