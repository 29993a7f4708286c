// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Hart
import Testing

@testable import Console

/// Keeps what was written.
struct TextBuffer: TextOutput {
  var bytes: [UInt8] = []

  mutating func write(_ byte: UInt8) { bytes.append(byte) }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The text that `body` writes.
func written(_ body: (inout TextBuffer) -> Void) -> String {
  var buffer = TextBuffer()
  body(&buffer)
  return buffer.text
}

/// Numbers of every length, and the ones at the edges.
private let numbers: [UInt64] = {
  var generator = SystemRandomNumberGenerator()
  let edges: [UInt64] = [0, 1, 9, 10, 99, 100, 1 << 63, .max, .max - 1]
  let random = (0..<64).flatMap { shift in
    (0..<20).map { _ in generator.next() >> UInt64(shift) }
  }
  return edges + random
}()

@Suite struct FormattingTests {
  @Test func `decimal numbers are those of Foundation`() {
    for number in numbers {
      let expected = NSNumber(value: number).stringValue
      #expect(written { $0.write(unsigned: number) } == expected)
    }
  }

  @Test func `signed numbers are those of Foundation`() {
    for number in numbers.map(Int64.init(bitPattern:)) + [.min, .max] {
      let expected = NSNumber(value: number).stringValue
      #expect(written { $0.write(number) } == expected)
    }
  }

  @Test func `hexadecimal numbers are those of Foundation`() {
    for number in numbers {
      for digits in [1, 4, 16] {
        let expected = "0x" + String(format: "%0\(digits)lx", number)
        #expect(written { $0.write(hex: number, digits: digits) } == expected)
      }
    }
  }

  @Test func `padding is that of Foundation`() {
    for number in numbers {
      for width in [0, 1, 5, 19, 20, 21] {
        let signed = Int64(bitPattern: number)
        let expected = String(format: "%*ld", width, Int(signed))
        #expect(written { $0.write(signed, width: width) } == expected)
        let zeros = String(format: "%0*lu", width, UInt(number))
        let text = written {
          $0.write(unsigned: number, width: width, padding: 48)
        }
        #expect(text == zeros)
      }
    }
  }

  @Test func `text is written as it stands`() {
    #expect(written { $0.write("Grüße, 世界\n") } == "Grüße, 世界\n")
  }

  @Test func `text from outside cannot move the cursor`() {
    let bytes: [UInt8] = Array("a\u{1B}[2Jb\tc\r\u{7F}".utf8)
    let text = unsafe bytes.withUnsafeBytes { buffer -> String in
      guard let base = buffer.baseAddress else { return "" }
      let view = unsafe ByteView(at: base, count: buffer.count)
      return written { $0.write(view) }
    }
    #expect(text == "a?[2Jb\tc??")
  }

  @Test func `hexadecimal digits are from 1 to 16`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = TextBuffer()
      buffer.write(hex: 1, digits: 17)
    }
  }
}
