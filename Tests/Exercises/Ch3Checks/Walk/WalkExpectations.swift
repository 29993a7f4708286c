// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Exercise_3_2
import Grading
import Hart
import Paging

extension Message.Interpolation {
  mutating func appendInterpolation(_ result: WalkResult) {
    switch result {
    case .physical(let address): appendInterpolation(hex: address, digits: 8)
    case .notCanonical: appendLiteral("notCanonical")
    case .nothing: appendLiteral("nothing")
    case .reserved: appendLiteral("reserved")
    case .tooDeep: appendLiteral("tooDeep")
    case .notAllowed: appendLiteral("notAllowed")
    case .misaligned: appendLiteral("misaligned")
    case .notMarked: appendLiteral("notMarked")
    }
  }

  mutating func appendInterpolation(_ access: Access) {
    switch access {
    case .load: appendLiteral("load")
    case .store: appendLiteral("store")
    case .execute: appendLiteral("execute")
    }
  }
}

extension Report {
  /// The walk to `address` with `entry` at `level`.
  @discardableResult
  mutating func expect(
    _ entry: UInt64, level: UInt64, at address: UInt64 = 0x12_3456_7ABC,
    _ access: Access = .load, is expected: WalkResult
  ) -> Bool {
    let tables = TinyTables(address, level: level, entry: entry)
    let got = translate(
      address, for: access, root: TinyTables.root, in: tables)
    if let stray = TinyTables.stray {
      return expect(
        false, given: "\(access) at \(hex: address)",
        expected: "reads from the three tables only",
        got: "a read of \(hex: stray)")
    }
    return expect(
      got == expected,
      given: """
        \(access) at \(hex: address), where the entry at level \(level) is \
        \(hex: entry, digits: 16)
        """,
      expected: "\(expected)", got: "\(got)")
  }

  /// Tables whose entries have bits that mean nothing for a table: G and
  /// those that are free.
  mutating func expectPlainTables(_ page: UInt64) {
    let address: UInt64 = 0x12_3456_7ABC
    let plain: UInt64 = 0b11_0010_0000
    var tables = TinyTables()
    tables.set(
      TinyTables.root, 2, address,
      to: TinyTables.table(TinyTables.middle) | plain)
    tables.set(
      TinyTables.middle, 1, address,
      to: TinyTables.table(TinyTables.last) | plain)
    tables.set(TinyTables.last, 0, address, to: page)
    let got = translate(
      address, for: .load, root: TinyTables.root, in: tables)
    expect(
      got == .physical((page >> 10) << 12 | 0xABC),
      given: "tables whose entries have bit G and both free bits",
      expected: "\(hex: (page >> 10) << 12 | 0xABC)", got: "\(got)")
  }

  mutating func expectRandom(
    _ entry: UInt64, _ level: UInt64, _ random: inout SeededRandom
  ) -> Bool {
    let address = random.next(below: 1 << 38)
    let access: Access =
      switch random.next(below: 3) {
      case 0: .load
      case 1: .store
      default: .execute
      }
    return expect(
      entry, level: level, at: address, access,
      is: exactResult(entry, level, address, access))
  }

  #if arch(riscv64)
    mutating func expectLiveTables() {
      let image = Image.running
      let root = KernelMemory.rootFrame.address
      // Reads only the tables, which are mapped where they lie.
      let memory = unsafe IdentityMemory()
      let addresses: [7 of UInt64] = [
        image.text.lowerBound + 4, image.constants.lowerBound,
        image.variables.lowerBound, image.bootStack.upperBound - 8,
        image.bootStackGuard.lowerBound, 8, 0x8040_0010,
      ]
      for index in addresses.indices {
        let address = addresses[index]
        let page = KernelMemory.translate(address)
        let got = translate(address, for: .load, root: root, in: memory)
        let expected =
          page.map { WalkResult.physical($0.physical) } ?? .nothing
        expect(
          got == expected, given: "a load at \(hex: address)",
          expected: "\(expected)", got: "\(got)")
        let store = translate(address, for: .store, root: root, in: memory)
        let mayStore = page?.protection == .readWrite
        expect(
          (store == expected) == (mayStore || page == nil),
          given: "a store at \(hex: address)",
          expected: mayStore ? "\(expected)" : "a refusal", got: "\(store)")
      }
    }
  #endif
}

/// The same question, condition by condition.
private func exactResult(
  _ entry: UInt64, _ level: UInt64, _ address: UInt64, _ access: Access
) -> WalkResult {
  func has(_ bit: UInt64) -> Bool { (entry / (1 << bit)) % 2 == 1 }
  if !has(0) { return .nothing }
  if has(2) && !has(1) || entry >= 1 << 54 { return .reserved }
  if !has(1) && !has(3) {
    return has(4) || has(6) || has(7) ? .reserved : .tooDeep
  }
  let isAllowed =
    switch access {
    case .load: has(1)
    case .store: has(2)
    case .execute: has(3)
    }
  if !isAllowed { return .notAllowed }
  let frames: UInt64 = level == 0 ? 1 : level == 1 ? 512 : 512 * 512
  let frame = entry / 1024 % (1 << 44)
  if frame % frames != 0 { return .misaligned }
  if !has(6) || access == .store && !has(7) { return .notMarked }
  return .physical(frame * 4096 + address % (frames * 4096))
}
