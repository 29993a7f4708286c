// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 6.2: two threads swap values. See `make hint EX=6.2`.

import Hart
import IPC
import Scheduling
//@ solution
//@ stub
//| import Todo
//@ end

/// Where two threads meet and swap what they have brought.
///
///     first    exchange(a) ─ waits ─────────▶ b
///     second              exchange(b) ──────▶ a
///     third                  exchange(c) ─ waits for a fourth
///
/// Any number of threads may come; each leaves with the value of one other,
/// who leaves with its own. A thread that waits sleeps. The budget is 500
/// instructions in the booted image, for ten yields of the partner and one
/// swap. Not to be called from an interrupt.
public final class Rendezvous<Value: ~Copyable>: @unchecked Sendable {
  //@ solution
  /// What the first thread of a pair has brought, and what the second has.
  private var offer: Value?
  private var answer: Value?
  /// The second thread has come; the first has not left yet.
  private var isAnswered = false
  private let partner = WaitQueue("a partner")
  private let entrance = WaitQueue("the pair before")
  //@ stub
  //| // TODO: what must be remembered, and where do threads wait?
  //@ end

  public init() {}

  /// Gives `mine` away, and returns what another thread has given.
  public func exchange(_ mine: consuming Value) -> Value {
    //@ solution
    let wereEnabled = Hart.disableInterrupts()
    defer { if wereEnabled { Hart.enableInterrupts() } }
    if isAnswered { entrance.wait { !isAnswered } }
    guard let theirs = offer.take() else { return wait(with: mine) }
    answer = consume mine
    isAnswered = true
    partner.wakeOne()
    return theirs
    //@ stub
    //| // TODO: is the other thread here already? Remove `todo`.
    //| todo("6.2")
    //@ end
  }
  //@ solution

  private func wait(with mine: consuming Value) -> Value {
    offer = consume mine
    partner.wait { isAnswered }
    isAnswered = false
    entrance.wakeAll()
    guard let theirs = answer.take() else { preconditionFailure() }
    return theirs
  }
  //@ stub
  //@ end
}
