// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

@Suite struct `Where the hart was` {
  let tools: FakeTools

  init() throws { tools = try FakeTools() }

  /// Plays QEMU's monitor: two frames, and a third that is none.
  static let monitor =
    FakeTools.firmware + """
      echo busy
      dd bs=1 count=2 >/dev/null 2>&1
      printf '(qemu) '
      while read -r line; do
        case $line in
        info*) printf ' pc       0000000080200010\\r\\n'
               printf ' x8/s0    0000000080210020\\r\\n' ;;
        *80210010*) printf '0000000080210010: 0x0000000080210040 0x80200020' ;;
        *80210030*) printf '0000000080210030: 0x0000000000000000 0x0' ;;
        esac
        printf '\\r\\n(qemu) '
      done
      """

  @Test func `is asked of QEMU's monitor at the time-out`() throws {
    let outcome = try tools.outcome(of: Self.monitor, after: "busy")
    #expect(
      outcome.end
        == .timeOut(seconds: 600, backtrace: [0x8020_0010, 0x8020_0020]))
    // What the monitor says is no output of the program.
    #expect(outcome.transcript.kernelLines == ["busy"])
  }

  @Test func `is where the kernel called the firmware, if it is there`() throws
  {
    let script = Self.monitor.replacing(
      "pc       0000000080200010\\r",
      with: "pc       0000000080000400\\r\\n mepc     0000000080200444\\r")
    let outcome = try tools.outcome(of: script, seconds: 3)
    #expect(outcome.end == .timeOut(seconds: 3, backtrace: [0x8020_0444]))
  }

  @Test func `is told in the words of the source`() throws {
    // Prints the addresses that it is asked for as line numbers.
    try tools.replace(
      .symbolizer,
      by: """
        shift 2
        line() { printf '%d' "$(($1 - 0x80200000))"; }
        printf '[{"Symbol":['
        printf '{"FunctionName":"Swift runtime failure: Index out of range",'
        printf '"FileName":"/<compiler-generated>","Line":0},'
        printf '{"FunctionName":"$e4main4pickyS2iF",'
        printf '"FileName":"/clone/main.swift","Line":%s}]},' "$(line $1)"
        printf '{"Symbol":[{"FunctionName":"_start",'
        printf '"FileName":"/clone/start.S","Line":%s}]}]' "$(line $2)"
        """)
    try tools.replace(.swift, by: "sed 's/.*pick.*/pick(_:)/'")
    let calls = Symbolizer(toolbox: tools.toolbox, image: tools.image)
      .calls([0x8020_0010, 0x8020_0020])
    #expect(Call.cause(of: calls) == "Index out of range")
    #expect(
      Call.lines(calls, root: URL(filePath: "/clone")) == [
        "  #0 pick(_:)  main.swift:16",
        // A return address stands after the call.
        "  #1 _start    start.S:31",
      ])
  }

  @Test func `is an address where nothing else is known`() throws {
    tools.remove(.symbolizer)
    let calls = Symbolizer(toolbox: tools.toolbox, image: tools.image)
      .calls([0x8000_0400, 0x10])
    #expect(
      Call.lines(calls, root: tools.folder) == [
        "  #0 0x0000000080000400  in the firmware",
        "  #1 0x0000000000000010  outside the program",
      ])
  }

  @Test func `is told once where a function calls itself`() {
    let frame = Call.Frame(function: "f()", file: "/f.swift", line: 2)
    let calls = (0..<9).map { Call(address: $0, frames: [frame]) }
    #expect(
      Call.lines(calls, root: URL(filePath: "/x")) == [
        "  #0 f()                 /f.swift:2", "     … and 8 times more",
      ])
  }
}
