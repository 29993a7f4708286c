// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Boot

/// A stack in a dictionary, and the walk over it.
private struct FakeStack {
  var words: [UInt64: UInt64] = [:]
  let bounds: Range<UInt64> = 0x1000..<0x2000

  /// Puts a frame at `framePointer`: who called, and the caller's frame.
  mutating func frame(
    at framePointer: UInt64, returnAddress: UInt64, next: UInt64
  ) {
    words[framePointer - 8] = returnAddress
    words[framePointer - 16] = next
  }

  func walk(from framePointer: UInt64) -> [UInt64] {
    var visited: [UInt64] = []
    Backtrace.walk(from: framePointer, within: bounds) { address in
      #expect(bounds.contains(address))
      return words[address]
    } visit: {
      visited.append($0)
    }
    return visited
  }
}

@Suite struct BacktraceTests {
  @Test func `callers come innermost first`() {
    var stack = FakeStack()
    stack.frame(at: 0x1100, returnAddress: 0xA, next: 0x1200)
    stack.frame(at: 0x1200, returnAddress: 0xB, next: 0x2000)
    stack.frame(at: 0x2000, returnAddress: 0xC, next: 0)
    #expect(stack.walk(from: 0x1100) == [0xA, 0xB, 0xC])
  }

  @Test(
    arguments: [
      0, 8, 16, 0x1008, 0x1000, 0x0FF0, 0x2010, 0x1101, .max, .max - 15,
    ] as [UInt64])
  func `a frame that cannot be is not followed`(framePointer: UInt64) {
    #expect(FakeStack().walk(from: framePointer) == [])
  }

  @Test func `a frame below the last one ends the walk`() {
    var stack = FakeStack()
    stack.frame(at: 0x1200, returnAddress: 0xA, next: 0x1100)
    stack.frame(at: 0x1100, returnAddress: 0xB, next: 0x1200)
    #expect(stack.walk(from: 0x1200) == [0xA])
  }

  @Test func `a frame that names itself ends the walk`() {
    var stack = FakeStack()
    stack.frame(at: 0x1200, returnAddress: 0xA, next: 0x1200)
    #expect(stack.walk(from: 0x1200) == [0xA])
  }

  @Test func `a caller of 0 ends the walk`() {
    var stack = FakeStack()
    stack.frame(at: 0x1100, returnAddress: 0, next: 0x1200)
    #expect(stack.walk(from: 0x1100) == [])
  }

  @Test func `memory that cannot be read ends the walk`() {
    #expect(FakeStack().walk(from: 0x1100) == [])
  }

  @Test func `the walk has a limit`() {
    var stack = FakeStack()
    for number in 0..<100 {
      let frame = 0x1010 + UInt64(number) * 16
      stack.frame(at: frame, returnAddress: 7, next: frame + 16)
      stack.words[frame - 8] = 7
    }
    let visited = stack.walk(from: 0x1010)
    #expect(visited.count <= Backtrace.limit)
  }

  @Test func `random stacks never lead outside`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var stack = FakeStack()
      for address in stride(from: UInt64(0x1000), to: 0x2000, by: 8) {
        stack.words[address] = UInt64.random(
          in: 0xF00...0x2100, using: &generator)
      }
      let start = UInt64.random(in: 0...0x3000, using: &generator)
      #expect(stack.walk(from: start).count <= Backtrace.limit)
    }
  }
}
