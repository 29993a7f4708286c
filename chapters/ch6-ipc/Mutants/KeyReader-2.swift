// Wrong: wakes one thread, however many keys there are.
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
    var key: UInt8?
    queue.wait {
      key = keyboard.take()
      return key != nil
    }
    return key ?? 0
  }

  public func keysHaveCome() { queue.wakeOne() }
}
