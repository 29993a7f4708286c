// SPDX-License-Identifier: BSD-3-Clause

import Block
import Console
import Exercise_7_3
import Grading

/// What a mirror should hold, and which disk it should have left out.
private struct Model {
  /// One for each sector; nil if it may be anything.
  var values = [UInt8?](repeating: 0, count: FaultyDisk.sectorCount)
  var leftOut: Int?

  // The step that is being taken.
  var action = Action.read
  var sector: UInt64 = 0
  var value: UInt8 = 0
  var willFail = [false, false]

  enum Action { case read, write, flush, rebuild }

  mutating func choose(_ random: inout SeededRandom) {
    let number = random.next(below: 12)
    action =
      number < 5
      ? .read
      : number < 10
        ? .write
        : number < 11
          ? .flush
          : .rebuild
    sector = random.next(below: UInt64(values.count))
    value = UInt8(random.next(below: 200))
    willFail = [random.next(below: 6) == 0, random.next(below: 6) == 0]
  }

  /// Whether the call fails if these disks do.
  func fails(_ failed: [Bool]) -> Bool {
    guard action != .rebuild else {
      return leftOut != nil && (failed[0] || failed[1])
    }
    return (failed[0] || leftOut == 0) && (failed[1] || leftOut == 1)
  }
}

extension Report {
  mutating func expectModel(_ pair: Pair, _ random: inout SeededRandom) {
    var model = Model()
    for _ in 0..<60 where !hasFailed {
      model.choose(&random)
      for disk in 0...1 {
        pair[disk].failures = model.willFail[disk] ? 1 : 0
        let isLater = model.action == .rebuild
        pair[disk].delay = isLater ? Int(random.next(below: 20)) : 0
      }
      take(&model, pair)
    }
  }

  private mutating func take(_ model: inout Model, _ pair: Pair) {
    let before = [pair.requests(0), pair.requests(1)]
    let failures = [pair.first.failed, pair.second.failed]
    var (got, error): (UInt8, BlockError?) = (0, nil)
    switch model.action {
    case .read: (got, error) = pair.read(model.sector)
    case .write: error = pair.write(model.sector, model.value)
    case .flush: error = pair.flush()
    case .rebuild: error = pair.rebuild()
    }
    let failed = [
      pair.first.failed > failures[0], pair.second.failed > failures[1],
    ]
    let given = model
    expect(
      (error != nil) == given.fails(failed), given: "\(step: given)",
      expected: given.fails(failed)
        ? "an error, as no disk is left that can do it" : "no error",
      got: "\(error: error)")
    if let out = given.leftOut, given.action != .rebuild {
      let requests = pair.requests(out) - before[out]
      expect(
        requests == 0, given: "\(step: given)",
        expected: "no request for the disk that is left out",
        got: "\(requests)")
    }
    settle(&model, pair, error == nil, failed)
    if given.action == .read, error == nil {
      expectValue(got, given)
    }
    expectDisks(pair, model, given)
  }

  /// Changes the model as the call should have changed the mirror.
  private func settle(
    _ model: inout Model, _ pair: Pair, _ isDone: Bool, _ failed: [Bool]
  ) {
    if model.action == .write {
      model.values[Int(model.sector)] = isDone ? model.value : nil
    }
    if model.action == .rebuild {
      if isDone { model.leftOut = nil }
      return
    }
    guard model.leftOut == nil, failed[0] || failed[1] else { return }
    let isFirst =
      failed[0]
      && (!failed[1] || pair.first.lastFailure < pair.second.lastFailure)
    model.leftOut = isFirst ? 0 : 1
  }

  private mutating func expectValue(_ got: UInt8, _ model: Model) {
    guard let value = model.values[Int(model.sector)] else { return }
    expect(
      got == value, given: "\(step: model)", expected: "\(Int(value))",
      got: got == FaultyDisk.garbage
        ? "what a failed request has left there" : "\(Int(got))")
  }

  /// What the disks hold and whether both are in use.
  private mutating func expectDisks(
    _ pair: Pair, _ model: Model, _ given: Model
  ) {
    let isWhole = pair.mirror.isWhole
    expect(
      isWhole == (model.leftOut == nil), given: "\(step: given)",
      expected: model.leftOut == nil ? "isWhole is true" : "isWhole is false",
      got: isWhole ? "true" : "false")
    for disk in 0...1 where disk != model.leftOut {
      for (sector, value) in model.values.enumerated() {
        guard let value, pair[disk][sector] != value else { continue }
        expect(
          false, given: "\(step: given)",
          expected: "\(Int(value)) in sector \(sector) of each disk in use",
          got: "\(Int(pair[disk][sector])) on the \(name(of: disk)) disk")
      }
    }
  }
}

extension Message.Interpolation {
  /// Such as `write 7 to sector 3; the first disk is left out`.
  fileprivate mutating func appendInterpolation(step: Model) {
    switch step.action {
    case .read: appendLiteral("read(")
    case .write: appendLiteral("write(")
    case .flush: appendLiteral("flush()")
    case .rebuild: appendLiteral("rebuild()")
    }
    if step.action == .read || step.action == .write {
      appendInterpolation(Int(step.sector))
      appendLiteral(")")
    }
    if step.action == .write {
      appendLiteral(" of the value ")
      appendInterpolation(Int(step.value))
    }
    if let out = step.leftOut {
      appendLiteral("; the ")
      appendInterpolation(name(of: out))
      appendLiteral(" disk is left out")
    } else {
      appendLiteral("; both disks are in use")
    }
    for disk in 0...1 where step.willFail[disk] {
      appendLiteral("; the ")
      appendInterpolation(name(of: disk))
      appendLiteral(
        step.action == .rebuild
          ? " disk may fail a request"
          : " disk fails its next request")
    }
  }
}
