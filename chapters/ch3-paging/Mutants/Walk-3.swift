// Wrong: takes a table with bit G for reserved.
// SPDX-License-Identifier: BSD-3-Clause

import Hart

public enum Access: Equatable, Sendable {
  case load
  case store
  case execute
}

public enum WalkResult: Equatable, Sendable {
  case physical(UInt64)
  case notCanonical
  case nothing
  case reserved
  case tooDeep
  case notAllowed
  case misaligned
  case notMarked
}

public func translate<Memory: WordMemory>(
  _ address: UInt64, for access: Access, root: UInt64, in memory: Memory
) -> WalkResult {
  let sign = Int64(bitPattern: address) >> 38
  guard sign == 0 || sign == -1 else { return .notCanonical }
  var table = root
  for level in (0...2).reversed() {
    let shift = UInt64(12 + 9 * level)
    let entry = memory.load(table + (address >> shift & 511) * 8)
    if let failure = failure(of: entry) { return failure }
    let frame = entry >> 10 & (1 << 44 - 1)
    if entry & 0b1110 != 0 {
      return page(entry, frame, address, access, size: 1 << shift)
    }
    table = frame << 12
  }
  return .tooDeep
}

private func failure(of entry: UInt64) -> WalkResult? {
  guard entry & 1 != 0 else { return .nothing }
  let access = entry & 0b1110
  if access == 0b0100 || access == 0b1100 || entry >> 54 != 0 {
    return .reserved
  }
  return access == 0 && entry & 0b1111_0000 != 0 ? .reserved : nil
}

private func page(
  _ entry: UInt64, _ frame: UInt64, _ address: UInt64, _ access: Access,
  size: UInt64
) -> WalkResult {
  let needed: UInt64 =
    switch access {
    case .load: 1 << 1
    case .store: 1 << 2
    case .execute: 1 << 3
    }
  guard entry & needed != 0 else { return .notAllowed }
  guard (frame << 12) % size == 0 else { return .misaligned }
  let marks: UInt64 = access == .store ? 0b1100_0000 : 0b0100_0000
  guard entry & marks == marks else { return .notMarked }
  return .physical((frame << 12) + address % size)
}
