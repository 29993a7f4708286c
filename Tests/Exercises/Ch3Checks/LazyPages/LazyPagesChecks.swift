// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_3_3
import Grading
import Paging

private let start = SimulatedPages.start
private let shared = SimulatedPages.sharedFrame

private func lazyPages() -> LazyPages<SimulatedPages> {
  LazyPages(start..<start + 0x8000, sharedFrame: shared)
}

func checkLazyPages(_ grader: inout Grader) {
  grader.check("a load maps the shared frame, read only", worth: 3) {
    report in
    var machine = SimulatedPages()
    report.expect(&machine, load: start + 0x2FF8, answers: true)
    report.expect(machine, page: 2, is: .readOnly, frames: 0)
    report.expect(&machine, load: start + 0x3000, answers: true)
    report.expect(machine, page: 3, is: .readOnly, frames: 0)
  }
  grader.check("a store maps a frame of its own") { report in
    var machine = SimulatedPages()
    report.expect(&machine, store: start + 0x7FFF, answers: true)
    report.expect(machine, page: 7, is: .readWrite, frames: 1)
  }
  grader.check("a store after a load replaces the shared frame", worth: 3) {
    report in
    var machine = SimulatedPages()
    report.expect(&machine, load: start + 8, answers: true)
    report.expect(&machine, store: start + 16, answers: true)
    report.expect(machine, page: 0, is: .readWrite, frames: 1)
  }
  grader.check("addresses outside are not dealt with") { report in
    var machine = SimulatedPages()
    let addresses: [4 of UInt64] = [start - 1, start + 0x8000, 0, .max]
    for index in addresses.indices {
      report.expect(&machine, load: addresses[index], answers: false)
      report.expect(&machine, store: addresses[index], answers: false)
    }
    report.expect(machine.framesOut == 0, "no frame is taken for them")
  }
  grader.check("what the page allows already is not dealt with") { report in
    var machine = SimulatedPages()
    report.expect(&machine, load: start, answers: true)
    report.expect(&machine, load: start, answers: false)
    report.expect(&machine, store: start, answers: true)
    report.expect(&machine, store: start, answers: false)
    report.expect(&machine, load: start, answers: false)
    report.expect(machine, page: 0, is: .readWrite, frames: 1)
  }
  checkFailures(&grader)
  grader.check("random loads and stores share all that they can") { report in
    report.expectRandomAccesses()
  }
  #if arch(riscv64)
    checkRealPages(&grader)
  #endif
}

private func checkFailures(_ grader: inout Grader) {
  grader.check("without a frame, all stays as it was", worth: 2) { report in
    var machine = SimulatedPages()
    report.expect(&machine, load: start, answers: true)
    machine.frameSupply = 0
    report.expect(&machine, store: start, answers: false)
    report.expect(machine, page: 0, is: .readOnly, frames: 0)
    report.expect(&machine, store: start + 0x1000, answers: false)
    report.expect(machine, page: 1, is: nil, frames: 0)
  }
  grader.check("a page that cannot be mapped costs no frame", worth: 2) {
    report in
    var machine = SimulatedPages()
    machine.mapsUntilFailure = 1
    report.expect(&machine, store: start, answers: false)
    report.expect(machine, page: 0, is: nil, frames: 0)
    report.expect(&machine, load: start, answers: true)
    machine.mapsUntilFailure = 1
    report.expect(&machine, store: start, answers: false)
    report.expect(machine, page: 0, is: .readOnly, frames: 0)
    machine.mapsUntilFailure = 1
    report.expect(&machine, load: start + 0x1000, answers: false)
    report.expect(machine, page: 1, is: nil, frames: 0)
    report.expect(&machine, load: start + 0x1000, answers: true)
    report.expect(machine, page: 1, is: .readOnly, frames: 0)
  }
}

/// What an answer of `handle` says.
private func meaning(_ answer: Bool) -> StaticString {
  answer
    ? "true: the access may be made again"
    : "false: this fault is not for these pages, or cannot be dealt with"
}

extension Report {
  fileprivate mutating func expect(
    _ machine: inout SimulatedPages, load address: UInt64, answers: Bool
  ) {
    let got = lazyPages().handle(
      faultAt: address, isStore: false, on: &machine)
    expect(
      got == answers,
      given: "a page fault of a load at \(hex: address), to `handle`",
      expected: "\(meaning(answers))", got: "\(meaning(got))")
    expectNoMistake(machine)
  }

  fileprivate mutating func expect(
    _ machine: inout SimulatedPages, store address: UInt64, answers: Bool
  ) {
    let got = lazyPages().handle(
      faultAt: address, isStore: true, on: &machine)
    expect(
      got == answers,
      given: "a page fault of a store at \(hex: address), to `handle`",
      expected: "\(meaning(answers))", got: "\(meaning(got))")
    expectNoMistake(machine)
  }

  private mutating func expectNoMistake(_ machine: SimulatedPages) {
    guard let mistake = machine.mistake else { return }
    expect(
      false, given: "a page fault", expected: "only what a machine allows",
      got: "\(mistake)")
  }

  fileprivate mutating func expect(
    _ condition: Bool, _ what: StaticString
  ) {
    expect(
      condition, given: "these accesses", expected: "\(what)", got: "not so")
  }

  fileprivate mutating func expect(
    _ machine: SimulatedPages, page: Int, is protection: Protection?,
    frames: Int
  ) {
    let got = machine.protection(of: start + UInt64(page) * 4096)
    expect(
      got == protection, given: "page \(page) after these accesses",
      expected: "\(words(protection))", got: "\(words(got))")
    expect(
      (machine.frame(page) == shared) == (protection == .readOnly),
      "what is only read is the shared frame, and nothing else is")
    expect(
      machine.framesOut == frames, given: "these accesses",
      expected: "\(frames) frames in use", got: "\(machine.framesOut)")
  }

  fileprivate mutating func expectRandomAccesses() {
    var random = random()
    var machine = SimulatedPages()
    var stored = 0
    for _ in 0..<400 {
      let page = random.next(below: 8)
      let address = start + page * 4096 + random.next(below: 4096)
      let isStore = random.next(below: 4) == 0
      let before = machine.protection(of: address & ~4095)
      let isNeeded = before == nil || isStore && before == .readOnly
      if isStore, isNeeded { stored += 1 }
      if isStore {
        expect(&machine, store: address, answers: isNeeded)
      } else {
        expect(&machine, load: address, answers: isNeeded)
      }
      expect(
        machine.framesOut == stored, given: "\(stored) pages stored to",
        expected: "as many frames in use", got: "\(machine.framesOut)")
      guard !hasFailed else { return }
    }
  }
}

private func words(_ protection: Protection?) -> StaticString {
  switch protection {
  case nil: "not mapped"
  case .readOnly: "read only"
  case .readWrite: "readable and writable"
  case .readExecute: "executable"
  }
}
