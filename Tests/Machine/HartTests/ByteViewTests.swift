// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@Suite struct `A view of bytes` {
  let view = ByteView("abcdefghi")

  @Test func `counts its bytes`() {
    #expect(view.count == 9)
    #expect(view.indices == 0..<9)
    #expect(ByteView("").count == 0)
    #expect(ByteView("x").count == 1)
  }

  @Test func `gives each byte`() {
    #expect(view[0] == 0x61)
    #expect(view[8] == 0x69)
  }

  @Test func `makes slices that count from zero`() {
    let slice = view[3..<6]
    #expect(slice == "def")
    #expect(slice[1..<2] == "e")
    #expect(view[9..<9].count == 0)
  }

  @Test func `is equal to the same bytes only`() {
    #expect(view == "abcdefghi")
    #expect(!(view == "abcdefgh"))
    #expect(!(view == "abcdefghj"))
    #expect(view[0..<3] == ByteView("abc"))
    #expect(!(view[0..<3] == view[3..<6]))
  }

  @Test func `reads big-endian numbers at any offset`() {
    #expect(view.bigEndian32(at: 0) == 0x6162_6364)
    #expect(view.bigEndian32(at: 5) == 0x6667_6869)
    #expect(view.bigEndian64(at: 1) == 0x6263_6465_6667_6869)
  }

  @Test(arguments: [-1, 6, 9, Int.max, Int.min])
  func `has no 32-bit number that is not all inside`(offset: Int) {
    #expect(view.bigEndian32(at: offset) == nil)
  }

  @Test(arguments: [-1, 2, 9, Int.max, Int.min])
  func `has no 64-bit number that is not all inside`(offset: Int) {
    #expect(view.bigEndian64(at: offset) == nil)
  }

  @Test func `traps on a byte behind its end`() async {
    await #expect(processExitsWith: .failure) { _ = ByteView("ab")[2] }
  }

  @Test func `traps on a byte before its start`() async {
    await #expect(processExitsWith: .failure) { _ = ByteView("ab")[-1] }
  }

  @Test func `traps on a slice that is not all inside`() async {
    await #expect(processExitsWith: .failure) { _ = ByteView("ab")[1..<3] }
    await #expect(processExitsWith: .failure) { _ = ByteView("ab")[-1..<1] }
  }
}
