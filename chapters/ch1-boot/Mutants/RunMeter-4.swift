// Wrong: a meter that was started at 0 is taken for one that was not.
// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

public struct RunMeter: Sendable {
  private var first: UInt64 = 0

  public init() {}

  public var isRunning: Bool { first != 0 }

  public mutating func start(at count: UInt64) {
    first = count
  }

  public mutating func stop(at count: UInt64) -> UInt64? {
    guard first != 0 else { return nil }
    defer { first = 0 }
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

  #if arch(riscv64)
    @section(".init_table.4.50") @used
    static let entry: InitEntry = (start: { start() }, stop: { stop() })
  #endif
}
