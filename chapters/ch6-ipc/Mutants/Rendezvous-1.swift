// Misses the point: lets a third thread in before the first has taken its
// value.
// SPDX-License-Identifier: BSD-3-Clause

import Hart
import IPC
import Scheduling

public final class Rendezvous<Value: ~Copyable>: @unchecked Sendable {
  private var offer: Value?
  private var answer: Value?
  private let partner = WaitQueue("a partner")

  public init() {}

  public func exchange(_ mine: consuming Value) -> Value {
    let wereEnabled = Hart.disableInterrupts()
    defer { if wereEnabled { Hart.enableInterrupts() } }
    if let theirs = offer.take() {
      answer = consume mine
      partner.wakeOne()
      return theirs
    }
    offer = consume mine
    partner.wait { answer != nil }
    guard let theirs = answer.take() else { preconditionFailure() }
    return theirs
  }
}
