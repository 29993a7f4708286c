// Wrong: class 5, the program's own. The services' class is 4.
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
    guard let first else { return nil }
    self.first = nil
    return count - first
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
    @section(".init_table.5.50") @used
    static let entry: InitEntry = (start: { start() }, stop: { stop() })
  #endif
}
