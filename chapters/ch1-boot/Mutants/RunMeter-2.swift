// Wrong: a meter that never ran, or has stopped, still gives a number.
// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

public struct RunMeter: Sendable {
  private var first: UInt64?

  public init() {}

  public var isRunning: Bool { first != nil }

  public mutating func start(at count: UInt64) { first = count }

  public mutating func stop(at count: UInt64) -> UInt64? {
    count - (first ?? 0)
  }
}

public enum Metering {
  private nonisolated(unsafe) static var meter = RunMeter()

  public static var isRunning: Bool { unsafe meter.isRunning }

  static func start() {
    unsafe meter.start(at: Hart.instructionsRetired)
  }

  static func stop() {
    if let count = unsafe meter.stop(at: Hart.instructionsRetired) {
      print("ran for \(count) instructions")
    }
  }

  #if arch(riscv64)
    @section(".init_table.4.50") @used
    static let entry: InitEntry = (start: { start() }, stop: { stop() })
  #endif
}
