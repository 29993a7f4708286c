// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 6.1: a wake-up that is not lost. See `make hint EX=6.1`.

import IPC
import Scheduling
import Todo

/// A keyboard. It interrupts when keys were pressed, once for several.
public protocol Keyboard: AnyObject {
  /// The next key that was pressed, or nil if none is left. Short: it may be
  /// called with interrupts off.
  func take() -> UInt8?
}

/// Threads that wait for keys. Each key goes to one of them.
///
///     thread           interrupt
///     take() → nil
///                      a key is pressed, keysHaveCome() wakes no thread
///     waits, for ever: the wake-up is lost
public final class KeyReader<Source: Keyboard>: @unchecked Sendable {
  private let keyboard: Source
  private let queue = WaitQueue("keys")

  /// A reader of this keyboard.
  public init(_ keyboard: Source) {
    self.keyboard = keyboard
    // TODO: both methods below are wrong. Repair them, and remove `todo`.
    todo("6.1")
  }

  /// The next key; waits until one is pressed. A thread that waits sleeps: it
  /// does not look again before ``keysHaveCome()`` is called.
  public func read() -> UInt8 {
    while true {
      if let key = keyboard.take() { return key }
      waitForWakeUp()
    }
  }

  private func waitForWakeUp() {
    var isWoken = false
    queue.wait {
      defer { isWoken = true }
      return isWoken
    }
  }

  /// Keys were pressed, one or several. Called by the keyboard's interrupt.
  public func keysHaveCome() {
    queue.wakeOne()
  }
}
