// SPDX-License-Identifier: BSD-3-Clause

import Block
import Console
import Exercise_7_3
import Grading
import Virtio

/// A mirror over two disks that can be told to fail.
final class Pair {
  let first: FaultyDisk
  let second: FaultyDisk
  let mirror: Exercise_7_3.Mirror
  private let buffer: DMABuffer

  init?() {
    let clock = FaultyDisk.Clock()
    guard let first = FaultyDisk(clock), let second = FaultyDisk(clock),
      let buffer = try? DMABuffer(count: 512)
    else { return nil }
    self.first = first
    self.second = second
    self.buffer = buffer
    mirror = Mirror(first, second)
  }

  /// Fills a sector with `value`.
  func write(_ sector: UInt64, _ value: UInt8) -> BlockError? {
    for index in 0..<64 {
      buffer.store64(0x0101_0101_0101_0101 &* UInt64(value), at: index * 8)
    }
    return error { () throws(BlockError) in
      try mirror.write(sector, from: buffer)
    }
  }

  /// What fills a sector.
  func read(_ sector: UInt64) -> (value: UInt8, error: BlockError?) {
    buffer.clear()
    buffer[0] = FaultyDisk.garbage
    let error = error { () throws(BlockError) in
      try mirror.read(sector, into: buffer)
    }
    let isEven = buffer[0] == buffer[511]
    return (isEven ? buffer[0] : FaultyDisk.garbage, error)
  }

  func flush() -> BlockError? {
    error { () throws(BlockError) in try mirror.flush() }
  }

  func rebuild() -> BlockError? {
    error { () throws(BlockError) in try mirror.rebuild() }
  }

  /// How often a disk was asked.
  func requests(_ disk: Int) -> Int { self[disk].requests }

  subscript(disk: Int) -> FaultyDisk { disk == 0 ? first : second }

  private func error(
    _ body: () throws(BlockError) -> Void
  ) -> BlockError? {
    do throws(BlockError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}

func name(of disk: Int) -> StaticString { disk == 0 ? "first" : "second" }

extension Message.Interpolation {
  mutating func appendInterpolation(error: BlockError?) {
    guard let error else { return appendLiteral("no error") }
    appendLiteral("the error ")
    appendInterpolation(name(of: error))
  }

  private func name(of error: BlockError) -> StaticString {
    switch error {
    case .inFlight: "inFlight"
    case .outOfRange: "outOfRange"
    case .misaligned: "misaligned"
    case .tooLarge: "tooLarge"
    case .readOnly: "readOnly"
    case .unsupported: "unsupported"
    case .failed: "failed"
    case .timedOut: "timedOut"
    case .broken: "broken"
    case .outOfMemory: "outOfMemory"
    }
  }
}

extension Report {
  /// Runs `body` with a new mirror.
  mutating func withPair(_ body: (inout Report, Pair) -> Void) {
    guard !hasFailed else { return }
    guard let pair = Pair() else {
      expect(
        false, given: "two disks in memory", expected: "memory for them",
        got: "none")
      return
    }
    body(&self, pair)
  }

  mutating func expect(
    _ error: BlockError?, is expected: BlockError?, given: StaticString
  ) {
    expect(
      error == expected, given: "\(given)",
      expected: "\(error: expected)", got: "\(error: error)")
  }

  mutating func expectRead(
    _ pair: Pair, _ sector: UInt64, _ value: UInt8, given: StaticString
  ) {
    let got = pair.read(sector)
    expect(
      got.error == nil, given: "\(given)",
      expected: "a read that succeeds", got: "\(error: got.error)")
    expect(
      got.value == value, given: "\(given)",
      expected: "\(Int(value)) in each byte of sector \(sector)",
      got: got.value == FaultyDisk.garbage
        ? "what a failed request has left there" : "\(Int(got.value))")
  }

  mutating func expectWhole(
    _ pair: Pair, _ isWhole: Bool, given: StaticString
  ) {
    let got = pair.mirror.isWhole
    expect(
      got == isWhole, given: "\(given)",
      expected: isWhole ? "isWhole is true" : "isWhole is false",
      got: got ? "true" : "false")
  }
}
