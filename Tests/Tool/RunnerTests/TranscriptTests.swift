// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

@Suite struct `A transcript` {
  static let firmware = """

    OpenSBI v1.1
       ____
    Boot HART MIDELEG         : 0x0000000000001666
    Boot HART MEDELEG         : 0x0000000000f0b509

    """

  @Test func `knows the kernel's output from the firmware's`() {
    let transcript = Transcript(Self.firmware + "Hello\n\nworld\n")
    #expect(transcript.firmwareSpoke)
    #expect(transcript.kernelLines == ["Hello", "", "world"])
  }

  @Test func `has no kernel before the firmware is done`() {
    let transcript = Transcript("OpenSBI v1.1\nBoot HART MEDELEG")
    #expect(transcript.kernelStart == nil)
    #expect(transcript.kernelLines.isEmpty)
  }

  @Test func `reads the same in any pieces`() {
    let text = Self.firmware + "panic: no\nbacktrace:\n  #0 0x10\n"
    var transcript = Transcript()
    for byte in text.utf8 { transcript.append(Data([byte])) }
    #expect(transcript.panics == ["no"])
    #expect(transcript.kernelLines == Transcript(text).kernelLines)
  }

  @Test func `sees a reboot`() {
    let once = Transcript(Self.firmware + "a word about OpenSBI v1.1\n")
    #expect(!once.rebooted)
    #expect(Transcript(Self.firmware + Self.firmware).rebooted)
  }

  @Test func `finds the addresses of a panic`() {
    let transcript = Transcript(
      Self.firmware + """
        panic: too much
        backtrace:
          #0 0x0000000080200abc
          #1 0x0000000080200def
        not this: 0x0000000080200123

        """)
    #expect(transcript.backtrace == [0x8020_0abc, 0x8020_0def])
  }

  @Test func `finds what a panic tells beside its backtrace`() {
    let transcript = Transcript(
      Self.firmware + """
        allocated at:
          #1 0x0000000080200111
        panic: 24 bytes were released twice
        allocated at:
          #1 0x0000000080200abc
          #2 0x0000000080200def
        released at:
          #1 0x0000000080200123
        noticed here:
          at Heap.swift:12
        backtrace:
          #0 0x0000000080200456
        released at:
          #1 0x0000000080200222

        """)
    #expect(transcript.origins.map(\.title) == ["allocated at", "released at"])
    #expect(
      transcript.origins.map(\.addresses)
        == [[0x8020_0abc, 0x8020_0def], [0x8020_0123]])
    #expect(transcript.backtrace == [0x8020_0456])
    #expect(transcript.explanation == [])
  }

  @Test func `finds where threads wait, before the panic`() {
    let transcript = Transcript(
      Self.firmware + """
        allocated at:
          #1 0x0000000080200111
        nothing can run any more: every thread waits
          thread 7 "Plato" waits for: semaphore "never"
        waits at:
          #1 0x0000000080200abc
          #2 0x0000000080200def
          thread 1 "main" waits for: join
        panic: nothing can run any more
        backtrace:
          #0 0x0000000080200456

        """)
    #expect(
      transcript.origins.map(\.title) == ["thread 7 \"Plato\" waits at"])
    #expect(
      transcript.origins.map(\.addresses) == [[0x8020_0abc, 0x8020_0def]])
  }

  @Test func `looks at each byte of a line without end once`() {
    var transcript = Transcript(Self.firmware)
    // Looked at again with each byte, they would be 200 thousand millions.
    for _ in 0..<600_000 { transcript.append(Data([0])) }
    transcript.append(Data("\nlast\n".utf8))
    #expect(transcript.kernelLines.last == "last")
  }

  @Test func `survives output that is not text`() {
    var transcript = Transcript(Self.firmware)
    transcript.append(Data([0xFF, 0xFE, 0x0A]))
    #expect(transcript.kernelLines.count == 1)
  }
}
