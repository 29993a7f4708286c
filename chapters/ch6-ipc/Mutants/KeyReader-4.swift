// Misses the point: yields until an interrupt has set a flag.
// SPDX-License-Identifier: BSD-3-Clause

import IPC
import Scheduling

public protocol Keyboard: AnyObject {
  func take() -> UInt8?
}

public final class KeyReader<Source: Keyboard>: @unchecked Sendable {
  private let keyboard: Source
  private var hasKeys = true

  public init(_ keyboard: Source) {
    self.keyboard = keyboard
  }

  public func read() -> UInt8 {
    while true {
      while !hasKeys { Thread.yield() }
      if let key = keyboard.take() { return key }
      hasKeys = false
      if let key = keyboard.take() {
        hasKeys = true
        return key
      }
    }
  }

  public func keysHaveCome() {
    hasKeys = true
  }
}
