// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner
@testable import Tracing

@Suite struct `Damage to a trace` {
  @Test func `never stops the tool`() throws {
    var random = SplitMix(state: 2026)
    for round in 0..<400 {
      var bytes = Array(
        (round % 2 == 0 ? TraceSample.lines : randomTrace(&random))
          .joined(separator: "\n").utf8)
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        harm(&bytes, &random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      try drawEverything(Transcript.lines(of: text))
    }
  }

  @Test func `of any single byte is no worse`() throws {
    let bytes = Array(TraceSample.text.utf8)
    for place in stride(from: 60, to: bytes.count, by: 3) {
      var copy = bytes
      copy[place] = UInt8(ascii: "9")
      let text = String(decoding: copy, as: UTF8.self)
      try drawEverything(Transcript.lines(of: text))
    }
  }

  private func harm(
    _ bytes: inout [UInt8], _ random: inout some RandomNumberGenerator
  ) {
    let place = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0...4, using: &random) {
    case 0: bytes[place] = .random(in: 0...255, using: &random)
    case 1: bytes[place] = .random(in: 0x30...0x39, using: &random)
    case 2: bytes.insert(.random(in: 0x20...0x7E, using: &random), at: place)
    case 3 where bytes.count > 50: bytes.remove(at: place)
    default: bytes.swapAt(place, .random(in: bytes.indices, using: &random))
    }
  }

  private func drawEverything(_ lines: [String]) throws {
    guard let trace = Trace(lines) else { return }
    #expect(TraceChart(trace, title: "ch5").svg().hasSuffix("</svg>\n"))
    #expect(try !TraceEventFile(trace).data().isEmpty)
    _ = trace.lines(style: Style(hasColour: false))
  }
}
