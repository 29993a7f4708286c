// Misses the point: no entry in the init table, so that nothing is measured.
// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

public struct RunMeter: Sendable {
  private var first: UInt64?

  public init() {}

  public var isRunning: Bool { first != nil }

  public mutating func start(at count: UInt64) {
    first = count
  }

  public mutating func stop(at count: UInt64) -> UInt64? {
    guard let first else { return nil }
    self.first = nil
    return count - first
  }
}

public enum Metering {
  // Touched by the boot hart, before and after the program.
  private nonisolated(unsafe) static var meter = RunMeter()

  public static var isRunning: Bool { unsafe meter.isRunning }

  static func start() {
    unsafe meter.start(at: Hart.instructionsRetired)
  }

  static func stop() {
    guard let count = unsafe meter.stop(at: Hart.instructionsRetired) else {
      return
    }
    print("ran for \(count) instructions")
  }

}
