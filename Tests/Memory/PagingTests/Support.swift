// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Paging

/// Frames for tables in a simulated memory: counts those in use, and can run
/// out of them.
final class FakeTables: TableMemory {
  private let memory = SimulatedMemory()
  private var free: [UInt64] = []
  private var next: UInt64 = 0x100
  private(set) var used: Set<UInt64> = []

  /// How many more may be handed out.
  var rest = Int.max

  func load(_ address: UInt64) -> UInt64 {
    precondition(used.contains(address / Frame.size), "no table")
    return memory.load(address)
  }

  func store(_ value: UInt64, at address: UInt64) {
    precondition(used.contains(address / Frame.size), "no table")
    memory.store(value, at: address)
  }

  func allocateTable() throws(FrameError) -> Frame {
    guard rest > 0 else { throw .outOfFrames }
    rest -= 1
    let number = free.popLast() ?? next
    if number == next { next += 1 }
    used.insert(number)
    return Frame(number: number)
  }

  func releaseTable(_ frame: Frame) {
    precondition(used.remove(frame.number) != nil, "released twice")
    free.append(frame.number)
  }

  func clearTable(_ frame: Frame) {
    for index in 0..<UInt64(512) { store(0, at: frame.address + index * 8) }
  }
}

/// Ranges in a simulated memory.
func ranges(_ list: Range<UInt64>...) -> AddressRanges<SimulatedMemory> {
  var ranges = AddressRanges(in: SimulatedMemory(), at: 0x1000)
  for range in list { precondition(ranges.insert(range)) }
  return ranges
}

extension AddressRanges {
  /// The ranges, to be compared.
  var list: [Range<UInt64>] { (0..<count).map { self[$0] } }
}

/// Expects what a mutating call has returned: the macro takes none in itself.
func check(
  _ condition: Bool, _ comment: Comment? = nil,
  source: SourceLocation = #_sourceLocation
) {
  #expect(condition, comment, sourceLocation: source)
}
