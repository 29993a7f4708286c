// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_1_1
import Grading

func checkSizes(_ grader: inout Grader) {
  grader.check("a size below 1024 is written in bytes") { report in
    report.expect(size: 0, is: "0 bytes")
    report.expect(size: 2, is: "2 bytes")
    report.expect(size: 999, is: "999 bytes")
    report.expect(size: 1023, is: "1023 bytes")
  }
  grader.check("there is one byte, not one bytes") { report in
    report.expect(size: 1, is: "1 byte")
  }
  grader.check("a whole number of units has no decimal") { report in
    report.expect(size: 1 << 10, is: "1 KiB")
    report.expect(size: 64 << 10, is: "64 KiB")
    report.expect(size: 128 << 20, is: "128 MiB")
    report.expect(size: 1023 << 30, is: "1023 GiB")
    report.expect(size: 5 << 30, is: "5 GiB")
    report.expect(size: 1 << 40, is: "1 TiB")
    report.expect(size: 7 << 50, is: "7 PiB")
  }
  grader.check("any other size has one decimal, rounded down", worth: 3) {
    report in
    report.expect(size: 1536, is: "1.5 KiB")
    report.expect(size: 1025, is: "1.0 KiB")
    report.expect(size: 2047, is: "1.9 KiB")
    report.expect(size: (1 << 20) - 1, is: "1023.9 KiB")
    // The last size below a decimal, and the first one that has it.
    report.expect(size: 1 << 20 + 104_857, is: "1.0 MiB")
    report.expect(size: 1 << 20 + 104_858, is: "1.1 MiB")
    report.expect(size: 3 << 40 + 7 << 38, is: "4.7 TiB")
  }
  grader.check("the largest sizes fit", worth: 2) { report in
    report.expect(size: 15 << 60, is: "15 EiB")
    report.expect(size: .max, is: "15.9 EiB")
  }
  grader.check("random sizes read as what they are") { report in
    var random = report.random()
    for _ in 0..<500 {
      let size = random.next() >> random.next(below: 64)
      guard report.expectMeaning(of: size) else { return }
    }
  }
}

/// What the exercise writes for `size`.
private func written(_ size: UInt64) -> CapturedText {
  var text = CapturedText()
  text.write(size: size)
  return text
}

extension Report {
  fileprivate mutating func expect(
    size: UInt64, is expected: StaticString
  ) {
    expect(written(size), is: expected, given: "the size \(size)")
  }

  /// Reads what the exercise wrote, and compares it with the size.
  fileprivate mutating func expectMeaning(of size: UInt64) -> Bool {
    let text = written(size)
    let reading = SizeReading(text)
    let fits = reading.map { $0.describes(size) } ?? false
    return expect(
      fits, given: "the size \(size)",
      expected: "a number from 1 to 1023 and a unit that mean this size",
      got: "\(text)")
  }
}

/// A size as a person reads it: `1.5 KiB` is 1, 5 and 10.
private struct SizeReading {
  var whole: UInt64 = 0
  var tenth: UInt64?
  var shift: UInt64 = 0

  init?(_ text: CapturedText) {
    var index = 0
    while let digit = text[index].flatMap(decimal) {
      guard whole < 10_000 else { return nil }
      whole = whole * 10 + digit
      index += 1
    }
    if text[index] == UInt8(ascii: ".") {
      guard let digit = text[index + 1].flatMap(decimal) else { return nil }
      tenth = digit
      index += 2
    }
    guard index > 0, text[index] == UInt8(ascii: " "),
      let unit = shiftOfUnit(text[index + 1])
    else { return nil }
    shift = unit
  }

  func describes(_ size: UInt64) -> Bool {
    let unit = UInt64(1) << shift
    guard whole < 1024, whole == size / unit, whole > 0 || size == 0
    else { return false }
    let rest = size % unit
    guard let tenth else { return rest == 0 }
    return rest > 0 && tenth * unit <= rest * 10
      && rest * 10 < (tenth + 1) * unit
  }
}

private func decimal(_ byte: UInt8) -> UInt64? {
  byte >= 48 && byte <= 57 ? UInt64(byte - 48) : nil
}

private func shiftOfUnit(_ letter: UInt8?) -> UInt64? {
  switch letter {
  case UInt8(ascii: "b"): 0
  case UInt8(ascii: "K"): 10
  case UInt8(ascii: "M"): 20
  case UInt8(ascii: "G"): 30
  case UInt8(ascii: "T"): 40
  case UInt8(ascii: "P"): 50
  case UInt8(ascii: "E"): 60
  default: nil
  }
}
