// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 6.3: readers and writers, both fair. See `make hint EX=6.3`.

import IPC
import Scheduling
import Todo

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
  // TODO: who is inside, and who waits?

  public init() {}

  /// Goes in to read.
  public func beginReading() {
    // TODO: wait for your turn. Remove `todo`.
    todo("6.3")
  }

  /// Leaves after reading.
  public func endReading() {
    // TODO: who may go in now? Remove `todo`.
    todo("6.3")
  }

  /// Goes in to write.
  public func beginWriting() {
    // TODO: wait for your turn. Remove `todo`.
    todo("6.3")
  }

  /// Leaves after writing.
  public func endWriting() {
    // TODO: who may go in now? Remove `todo`.
    todo("6.3")
  }
}
