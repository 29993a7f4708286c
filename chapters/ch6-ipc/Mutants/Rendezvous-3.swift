// Wrong: wakes the thread at the entrance only when the second thread comes.
// SPDX-License-Identifier: BSD-3-Clause

import Hart
import IPC
import Scheduling

public final class Rendezvous<Value: ~Copyable>: @unchecked Sendable {
  private var offer: Value?
  private var answer: Value?
  private var isAnswered = false
  private let partner = WaitQueue("a partner")
  private let entrance = WaitQueue("the pair before")

  public init() {}

  public func exchange(_ mine: consuming Value) -> Value {
    let wereEnabled = Hart.disableInterrupts()
    defer { if wereEnabled { Hart.enableInterrupts() } }
    if isAnswered { entrance.wait { !isAnswered } }
    guard let theirs = offer.take() else { return wait(with: mine) }
    answer = consume mine
    isAnswered = true
    partner.wakeOne()
    entrance.wakeAll()
    return theirs
  }

  private func wait(with mine: consuming Value) -> Value {
    offer = consume mine
    partner.wait { isAnswered }
    isAnswered = false
    guard let theirs = answer.take() else { preconditionFailure() }
    return theirs
  }
}
