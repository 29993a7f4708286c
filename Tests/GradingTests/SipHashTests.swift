// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Grading

@Suite struct SipHashTests {
  /// The key of the paper: the bytes 0 to 15.
  let key = GradingKey(ByteView("000102030405060708090a0b0c0d0e0f"))

  /// The digest of the bytes 0, 1, 2, … of which there are `count`.
  func digest(count: UInt8) throws -> UInt64 {
    var hash = SipHash(key: try #require(key))
    for byte in 0..<count { hash.write(byte) }
    return hash.digest()
  }

  @Test(
    arguments: [
      (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd),
      (2, 0x0d6c_8009_d9a9_4f5a), (7, 0xab02_00f5_8b01_d137),
      (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5),
      (63, 0x958a_324c_eb06_4572),
    ] as [(UInt8, UInt64)])
  func `the authors' test vectors come out`(
    count: UInt8, expected: UInt64
  ) throws {
    #expect(try digest(count: count) == expected)
  }

  @Test func `capital digits make the same key`() {
    #expect(GradingKey(ByteView("000102030405060708090A0B0C0D0E0F")) == key)
  }

  @Test(arguments: ["", "00", "000102030405060708090a0b0c0d0e0g"])
  func `anything but 32 digits is no key`(text: StaticString) {
    #expect(GradingKey(ByteView(text)) == nil)
  }
}
