// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 6.3: readers and writers, both fair. See `make hint EX=6.3`.

import IPC
import Scheduling
//@ solution
//@ stub
//| import Todo
//@ end

/// A lock that many readers may hold at a time, or one writer.
///
///     beginReading   waits while a writer is inside   endReading
///     beginWriting   waits while anybody is inside    endWriting
///
/// Neither side starves: readers that come one after the other, so that one is
/// always inside, do not keep a writer out, nor do writers keep a reader out.
/// Readers that come while only readers are inside, and no thread waits, go in.
/// It is built on `WaitQueue`: a thread that waits sleeps, and looks again only
/// when another one has come in or left.
public final class FairReadWriteLock: @unchecked Sendable {
  //@ solution
  private let queue = WaitQueue("a turn")
  private var readers = 0
  private var isWriting = false
  /// The ticket of who comes next, and the one whose turn it is.
  private var nextTicket = 0
  private var turn = 0
  //@ stub
  //| // TODO: who is inside, and who waits?
  //@ end

  public init() {}

  /// Goes in to read.
  public func beginReading() {
    //@ solution
    var ticket = -1
    queue.wait {
      if ticket < 0 { ticket = takeTicket() }
      guard ticket == turn, !isWriting else { return false }
      readers += 1
      turn += 1
      return true
    }
    // The next one may be a reader, too.
    queue.wakeAll()
    //@ stub
    //| // TODO: wait for your turn. Remove `todo`.
    //| todo("6.3")
    //@ end
  }

  /// Leaves after reading.
  public func endReading() {
    //@ solution
    queue.wait {
      readers -= 1
      return true
    }
    queue.wakeAll()
    //@ stub
    //| // TODO: who may go in now? Remove `todo`.
    //| todo("6.3")
    //@ end
  }

  /// Goes in to write.
  public func beginWriting() {
    //@ solution
    var ticket = -1
    queue.wait {
      if ticket < 0 { ticket = takeTicket() }
      guard ticket == turn, !isWriting, readers == 0 else { return false }
      isWriting = true
      turn += 1
      return true
    }
    //@ stub
    //| // TODO: wait for your turn. Remove `todo`.
    //| todo("6.3")
    //@ end
  }

  /// Leaves after writing.
  public func endWriting() {
    //@ solution
    isWriting = false
    queue.wakeAll()
    //@ stub
    //| // TODO: who may go in now? Remove `todo`.
    //| todo("6.3")
    //@ end
  }
  //@ solution

  private func takeTicket() -> Int {
    defer { nextTicket += 1 }
    return nextTicket
  }
  //@ stub
  //@ end
}
