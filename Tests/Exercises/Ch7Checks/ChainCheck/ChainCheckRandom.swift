// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_7_1
import Grading

extension Report {
  mutating func expectRandomChain(_ random: inout SeededRandom) {
    let size = 1 + random.next(below: 6)
    let table = (0..<size).map { _ in randomDescriptor(&random, size) }
    let first = UInt16(random.next(below: size))
    let expected = Outcome(from: first, in: table)
    let got: Outcome
    do throws(ChainError) {
      got = Outcome(contents: try checkChain(from: first, in: table))
    } catch {
      got = Outcome(error: error)
    }
    // Noting where it was finds a loop earlier than counting does.
    let isEarlyLoop = expected.isRound && got.error == .loop
    expect(
      got == expected || isEarlyLoop,
      given: "from number \(Int(first)) in \(table: table)",
      expected: "\(outcome: expected)", got: "\(outcome: got)")
  }

  private func randomDescriptor(
    _ random: inout SeededRandom, _ size: UInt64
  ) -> Descriptor {
    var flags: UInt16 = random.next(below: 4) > 0 ? Descriptor.hasNext : 0
    if random.next(below: 2) == 0 { flags |= Descriptor.isWritable }
    if random.next(below: 12) == 0 { flags |= Descriptor.isTable }
    let isEmpty = random.next(below: 20) == 0
    let isLost = random.next(below: 20) == 0
    return Descriptor(
      address: 0x8000_0000 + random.next(below: 1 << 20),
      length: isEmpty ? 0 : UInt32(1 + random.next(below: 4096)),
      flags: flags,
      next: UInt16(random.next(below: isLost ? 65536 : size)))
  }
}

/// What a walk finds.
private struct Outcome: Equatable {
  var contents = ChainContents()
  var error: ChainError?
  /// Whether it has come to where it was before.
  var isRound = false

  init(contents: ChainContents) { self.contents = contents }

  init(error: ChainError) { self.error = error }

  static func == (one: Outcome, other: Outcome) -> Bool {
    guard one.error == nil else { return one.error == other.error }
    return other.error == nil && one.contents == other.contents
  }

  /// The careful walk.
  init(from first: UInt16, in table: [Descriptor]) {
    var visits = table.map { _ in 0 }
    var number = Int(first)
    while error == nil {
      let goesOn = visit(number, in: table, &visits)
      guard goesOn, error == nil else { return }
      number = Int(table[number].next)
    }
  }

  /// Looks at one descriptor.
  ///
  /// - Returns: Whether it has the flag NEXT.
  private mutating func visit(
    _ number: Int, in table: [Descriptor], _ visits: inout [Int]
  ) -> Bool {
    guard number < table.count else { return end(.noSuchDescriptor) }
    isRound = isRound || visits[number] > 0
    guard contents.descriptorCount < table.count else { return end(.loop) }
    visits[number] += 1
    add(table[number])
    return table[number].flags & Descriptor.hasNext != 0
  }

  private mutating func end(_ error: ChainError) -> Bool {
    self.error = error
    return false
  }

  private mutating func add(_ one: Descriptor) {
    contents.descriptorCount += 1
    let isTable = one.flags & Descriptor.isTable != 0
    let isWritable = one.flags & Descriptor.isWritable != 0
    if one.length == 0 {
      error = .empty
    } else if isTable {
      let goesOn = one.flags & Descriptor.hasNext != 0
      if goesOn { error = .tableWithNext }
    } else if isWritable {
      contents.writableBytes += UInt64(one.length)
    } else if contents.writableBytes > 0 {
      error = .readableAfterWritable
    } else {
      contents.readableBytes += UInt64(one.length)
    }
  }
}

extension Message.Interpolation {
  fileprivate mutating func appendInterpolation(outcome: Outcome) {
    guard let error = outcome.error else {
      return appendInterpolation(words: outcome.contents.holds)
    }
    appendLiteral("the error ")
    appendInterpolation(error.name)
  }

  /// Such as `0: 512 NEXT 1; 1: 4096 WRITE`.
  fileprivate mutating func appendInterpolation(table: [Descriptor]) {
    for (number, one) in table.enumerated() {
      appendLiteral(number > 0 ? "; " : "")
      appendInterpolation(number)
      appendLiteral(": ")
      appendInterpolation(Int(one.length))
      if one.flags & Descriptor.isWritable != 0 { appendLiteral(" WRITE") }
      if one.flags & Descriptor.isTable != 0 { appendLiteral(" INDIRECT") }
      guard one.flags & Descriptor.hasNext != 0 else { continue }
      appendLiteral(" NEXT ")
      appendInterpolation(Int(one.next))
    }
  }
}
