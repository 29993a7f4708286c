// Misses the point: asks again and again instead of sleeping.
// SPDX-License-Identifier: BSD-3-Clause

import Hart
import IPC
import Scheduling

public final class Rendezvous<Value: ~Copyable>: @unchecked Sendable {
  private var offer: Value?
  private var answer: Value?
  private var isAnswered = false

  public init() {}

  public func exchange(_ mine: consuming Value) -> Value {
    while isAnswered { Thread.yield() }
    if let theirs = offer.take() {
      answer = consume mine
      isAnswered = true
      return theirs
    }
    offer = consume mine
    while !isAnswered { Thread.yield() }
    isAnswered = false
    guard let theirs = answer.take() else { preconditionFailure() }
    return theirs
  }
}
