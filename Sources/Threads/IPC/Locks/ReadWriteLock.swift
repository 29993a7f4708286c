// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// A value that many threads may read at a time, or one may change.
///
/// While a writer waits, no new reader gets in; when it is done, all readers
/// that have waited get in before the next writer. So neither side can keep the
/// other out for ever.
public final class ReadWriteLock<Value: ~Copyable>: @unchecked Sendable {
  private let storage: Storage<Value>
  private let readers: WaitQueue
  private let writers: WaitQueue
  private var readerCount = 0
  private var isWriting = false
  private var waitingReaders = 0
  private var waitingWriters = 0
  /// How many readers may pass waiting writers: those who waited for the last
  /// one.
  private var passes = 0

  /// A lock around `value`.
  public init(_ value: consuming Value, name: StaticString = "") {
    storage = Storage(value)
    readers = WaitQueue(name, kind: "lock, to read")
    writers = WaitQueue(name, kind: "lock, to write")
  }

  /// Runs `body` with the value, together with other readers.
  public func read<Result: ~Copyable>(
    _ body: (borrowing Value) -> Result
  ) -> Result {
    _ = beginReading(until: .never)
    defer { endReading() }
    return Dispatcher.holding(readers) { body(storage.value) }
  }

  /// The same if the time is not over before. A time that is over already
  /// means now or not at all.
  ///
  /// - Returns: Nil if the time was over.
  public func read<Result: ~Copyable>(
    until deadline: Instant, _ body: (borrowing Value) -> Result
  ) -> Result? {
    guard beginReading(until: deadline) else { return nil }
    defer { endReading() }
    return Dispatcher.holding(readers) { body(storage.value) }
  }

  /// Runs `body` with the value, alone.
  public func write<Result: ~Copyable>(
    _ body: (inout Value) -> Result
  ) -> Result {
    _ = beginWriting(until: .never)
    defer { endWriting() }
    return Dispatcher.holding(writers) { body(&storage.value) }
  }

  /// The same if the time is not over before.
  ///
  /// - Returns: Nil if the time was over.
  public func write<Result: ~Copyable>(
    until deadline: Instant, _ body: (inout Value) -> Result
  ) -> Result? {
    guard beginWriting(until: deadline) else { return nil }
    defer { endWriting() }
    return Dispatcher.holding(writers) { body(&storage.value) }
  }

  // MARK: - The protocol

  private func beginReading(until deadline: Instant) -> Bool {
    Dispatcher.critical { dispatcher in
      guard isWriting || waitingWriters > 0 else {
        readerCount += 1
        return true
      }
      waitingReaders += 1
      while isWriting || waitingWriters > 0 && passes == 0 {
        guard readers.sleep(dispatcher, until: deadline) else {
          waitingReaders -= 1
          passes = min(passes, waitingReaders)
          admit(dispatcher)
          return false
        }
      }
      waitingReaders -= 1
      if passes > 0 { passes -= 1 }
      readerCount += 1
      return true
    }
  }

  private func endReading() {
    Dispatcher.critical { dispatcher in
      readerCount -= 1
      admit(dispatcher)
    }
  }

  private func beginWriting(until deadline: Instant) -> Bool {
    Dispatcher.critical { dispatcher in
      waitingWriters += 1
      while isWriting || readerCount > 0 || passes > 0 {
        guard writers.sleep(dispatcher, until: deadline) else {
          waitingWriters -= 1
          admit(dispatcher)
          return false
        }
      }
      waitingWriters -= 1
      isWriting = true
      return true
    }
  }

  private func endWriting() {
    Dispatcher.critical { dispatcher in
      isWriting = false
      passes = waitingReaders
      admit(dispatcher)
    }
  }

  /// Wakes the threads that may go on after a change.
  private func admit(_ dispatcher: Dispatcher) {
    guard !isWriting else { return }
    if passes > 0 || waitingWriters == 0 { return readers.wakeAll(dispatcher) }
    if readerCount == 0 { writers.wakeFirst(dispatcher) }
  }
}
