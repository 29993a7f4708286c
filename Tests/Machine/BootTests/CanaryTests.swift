// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Boot

@Suite struct CanaryTests {
  @Test func `its first byte in memory is zero`() {
    for time: UInt64 in [0, 1, .max] {
      #expect(Canary.value(chance: time &* 3, time: time) & 0xFF == 0)
    }
  }

  @Test(arguments: 0..<64 as Range<UInt64>)
  func `every bit of the chance changes it`(bit: UInt64) {
    let plain = Canary.value(chance: 0x0123_4567_89AB_CDEF, time: 7)
    let other = Canary.value(chance: 0x0123_4567_89AB_CDEF ^ 1 << bit, time: 7)
    #expect(plain != other)
  }

  @Test func `the time alone changes it`() {
    let values = Set((0..<1000).map { Canary.value(chance: 5, time: $0) })
    #expect(values.count == 1000)
  }
}

@Suite struct BootSeedTests {
  private func rest(_ seed: BootSeed) -> [UInt64] {
    var (seed, words): (BootSeed, [UInt64]) = (seed, [])
    seed.take { words.append($0) }
    return words
  }

  private func word(_ text: String) -> UInt64 {
    text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  @Test func `the canary and the generator share no byte`() {
    let seed = BootSeed(ByteView("ABCDEFGHabcdefghijklmnopqrstuvwx"))
    #expect(seed.canary == word("ABCDEFGH"))
    #expect(
      rest(seed) == [word("abcdefgh"), word("ijklmnop"), word("qrstuvwx")])
  }

  @Test func `of a short seed each gets a part`() {
    let seed = BootSeed(ByteView("ABCDEFGHabcdefgh"))
    #expect(seed.canary == word("ABCDEFGH"))
    #expect(rest(seed) == [word("abcdefgh"), 0, 0])
    #expect(BootSeed(ByteView("")).canary == 0)
  }

  @Test func `a single word serves both`() {
    let seed = BootSeed(ByteView("ABCDEFGH"))
    #expect(seed.canary == word("ABCDEFGH"))
    #expect(rest(seed) == [word("ABCDEFGH"), 0, 0])
  }

  @Test func `of a long seed no word is lost`() {
    let long: StaticString = "ABCDEFGHabcdefghijklmnopqrstuvwx01234567"
    let other: StaticString = "ABCDEFGHabcdefghijklmnopqrstuvwx01234568"
    #expect(
      BootSeed(ByteView(long)).canary != BootSeed(ByteView(other)).canary)
  }

  @Test func `what was taken is forgotten`() {
    var seed = BootSeed(ByteView("ABCDEFGHabcdefghijklmnopqrstuvwx"))
    seed.forgetCanary()
    seed.take { _ in }
    #expect(seed.canary == 0)
    #expect(rest(seed) == [0, 0, 0])
  }
}
