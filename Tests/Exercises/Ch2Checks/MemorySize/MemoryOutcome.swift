// SPDX-License-Identifier: BSD-3-Clause

import Console
import DeviceTree
import Exercise_2_2
import Grading
import Hart

/// What came of a question for a size.
enum Outcome: Equatable {
  case size(UInt64)
  case error(RegionError)
  /// The check's own tree is broken: a bug in the check.
  case unreadable

  /// Asks the exercise for the sum of the regions.
  init(_ reg: ByteView, _ addressCells: Int, _ sizeCells: Int) {
    do throws(RegionError) {
      self = .size(
        try totalSize(
          ofRegions: reg, addressCells: addressCells, sizeCells: sizeCells))
    } catch {
      self = .error(error)
    }
  }

  /// Asks the exercise for a machine's memory.
  init(of tree: DeviceTree) {
    do throws(RegionError) {
      self = .size(try memorySize(of: tree))
    } catch {
      self = .error(error)
    }
  }
}

extension Message.Interpolation {
  mutating func appendInterpolation(_ outcome: Outcome) {
    switch outcome {
    case .size(let size): appendInterpolation(size)
    case .error(.unknownWidth): appendLiteral("the error unknownWidth")
    case .error(.endsTooEarly): appendLiteral("the error endsTooEarly")
    case .error(.tooLarge): appendLiteral("the error tooLarge")
    case .error(.damagedTree): appendLiteral("the error damagedTree")
    case .unreadable: appendLiteral("a tree that cannot be read")
    }
  }
}

extension Report {
  /// Random bytes, mostly complete regions, many of them of huge sizes.
  mutating func expectRandomRegions(_ random: inout SeededRandom) -> Bool {
    let addressCells = 1 + Int(random.next(below: 2))
    let sizeCells = 1 + Int(random.next(below: 2))
    var bytes = [64 of UInt8](repeating: 0)
    for index in bytes.indices {
      bytes[index] = UInt8(truncatingIfNeeded: random.next())
    }
    var count = 4 * (addressCells + sizeCells) * Int(random.next(below: 5))
    if random.next(below: 3) == 0 { count = Int(random.next(below: 64)) }
    return unsafe bytes.span.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return false }
      let reg = unsafe ByteView(at: start, count: count)
      return expectSum(of: reg, addressCells, sizeCells)
    }
  }

  private mutating func expectSum(
    of reg: ByteView, _ addressCells: Int, _ sizeCells: Int
  ) -> Bool {
    let got = Outcome(reg, addressCells, sizeCells)
    let stride = 4 * (addressCells + sizeCells)
    let sum = exactSum(of: reg, addressCells, sizeCells)
    let isWhole = reg.count % stride == 0
    // Of two errors at once, either may be reported.
    let fits =
      switch got {
      case .size(let size): isWhole && sum == size
      case .error(.endsTooEarly): !isWhole
      case .error(.tooLarge): sum == nil
      default: false
      }
    return expect(
      fits,
      given: """
        \(reg.count) random bytes, addresses of \(addressCells) cells, \
        sizes of \(sizeCells)
        """,
      expected: isWhole ? "\(sum), where nil is tooLarge" : "endsTooEarly",
      got: "\(got)")
  }
}

/// The sum of the complete regions, or nil if it does not fit.
private func exactSum(
  of reg: ByteView, _ addressCells: Int, _ sizeCells: Int
) -> UInt64? {
  var sum: UInt64? = 0
  let stride = 4 * (addressCells + sizeCells)
  for region in 0..<reg.count / stride {
    var size: UInt64 = 0
    for index in (4 * addressCells)..<stride {
      size = size << 8 | UInt64(reg[region * stride + index])
    }
    let (next, overflow) = (sum ?? 0).addingReportingOverflow(size)
    if overflow || sum == nil { sum = nil } else { sum = next }
  }
  return sum
}
