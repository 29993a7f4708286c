// Misses the point: looks and waits in two steps.
// SPDX-License-Identifier: BSD-3-Clause

import IPC
import Scheduling

public protocol Keyboard: AnyObject {
  func take() -> UInt8?
}

public final class KeyReader<Source: Keyboard>: @unchecked Sendable {
  private let keyboard: Source
  private let queue = WaitQueue("keys")

  public init(_ keyboard: Source) { self.keyboard = keyboard }

  public func read() -> UInt8 {
    while true {
      if let key = keyboard.take() { return key }
      var isWoken = false
      queue.wait {
        defer { isWoken = true }
        return isWoken
      }
    }
  }

  public func keysHaveCome() { queue.wakeAll() }
}
