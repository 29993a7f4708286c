// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_7_1
import Grading

/// The bytes to read and to write, and the number of descriptors.
typealias Holds = (UInt64, UInt64, Int)

extension ChainError {
  var name: StaticString {
    switch self {
    case .noSuchDescriptor: "noSuchDescriptor"
    case .loop: "loop"
    case .empty: "empty"
    case .tableWithNext: "tableWithNext"
    case .readableAfterWritable: "readableAfterWritable"
    }
  }
}

extension Report {
  mutating func expect(
    _ table: [Descriptor], from first: UInt16, holds expected: Holds,
    _ given: StaticString
  ) {
    do throws(ChainError) {
      let got = try checkChain(from: first, in: table)
      expect(
        got.holds == expected, given: "\(given)",
        expected: "\(words: expected)", got: "\(words: got.holds)")
    } catch {
      expect(
        false, given: "\(given)", expected: "\(words: expected)",
        got: "the error \(error.name)")
    }
  }

  mutating func expect(
    _ table: [Descriptor], from first: UInt16, throws expected: ChainError,
    _ given: StaticString
  ) {
    do throws(ChainError) {
      let got = try checkChain(from: first, in: table)
      expect(
        false, given: "\(given)", expected: "the error \(expected.name)",
        got: "\(words: got.holds)")
    } catch {
      expect(
        error == expected, given: "\(given)",
        expected: "the error \(expected.name)",
        got: "the error \(error.name)")
    }
  }
}

extension ChainContents {
  var holds: Holds {
    (readableBytes, writableBytes, descriptorCount)
  }
}

extension Message.Interpolation {
  mutating func appendInterpolation(words holds: Holds) {
    appendInterpolation(Int(holds.0))
    appendLiteral(" bytes to read, ")
    appendInterpolation(Int(holds.1))
    appendLiteral(" to write, in ")
    appendInterpolation(holds.2)
    appendLiteral(holds.2 == 1 ? " descriptor" : " descriptors")
  }
}
