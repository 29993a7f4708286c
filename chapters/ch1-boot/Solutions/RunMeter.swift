// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 1.3: what the program costs. See `make hint EX=1.3`.

import Boot
import Console
import Hart
//@ solution
//@ stub
//| import Todo
//@ end

/// Counts from a start to a stop.
public struct RunMeter: Sendable {
  private var first: UInt64?

  /// A meter that has not been started.
  public init() {}

  /// Whether the meter has been started and not yet stopped.
  public var isRunning: Bool { first != nil }

  /// Starts the meter at `count`. A second start begins anew.
  public mutating func start(at count: UInt64) {
    //@ solution
    first = count
    //@ stub
    //| // TODO: remember the count. Remove `todo`.
    //| todo("1.3")
    //@ end
  }

  /// Stops the meter at `count`, which is not less than at the start.
  ///
  /// - Returns: How far it has counted, or nil if it was not running.
  public mutating func stop(at count: UInt64) -> UInt64? {
    //@ solution
    guard let first else { return nil }
    self.first = nil
    return count - first
    //@ stub
    //| // TODO: what has passed since the start? Remove `todo`.
    //| todo("1.3")
    //@ end
  }
}

/// Has every program that links this module say at its end what it has cost:
///
///     ran for 123456 instructions
public enum Metering {
  // Touched by the boot hart, before and after the program.
  private nonisolated(unsafe) static var meter = RunMeter()

  /// Whether the program is being measured.
  public static var isRunning: Bool { unsafe meter.isRunning }

  //@ solution
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
  //@ stub
  //| // TODO: an entry for the init table, of class 4 (services): it starts the
  //| // meter at `Hart.instructionsRetired` after the devices and before the
  //| // program; when the program ends, it stops the meter and prints the line.
  //| // There is an init table on the board only: put it into `#if arch(riscv64)`.
  //@ end
}
