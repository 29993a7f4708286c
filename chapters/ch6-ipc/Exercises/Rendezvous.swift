// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 6.2: two threads swap values. See `make hint EX=6.2`.

import Hart
import IPC
import Scheduling
import Todo

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
  // TODO: what must be remembered, and where do threads wait?

  public init() {}

  /// Gives `mine` away, and returns what another thread has given.
  public func exchange(_ mine: consuming Value) -> Value {
    // TODO: is the other thread here already? Remove `todo`.
    todo("6.2")
  }
}
