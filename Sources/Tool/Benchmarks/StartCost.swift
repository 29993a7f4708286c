// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Inspecting
import Runner

/// What a start costs: the instructions from the kernel's very first one to the
/// first one of its program.
///
///     firmware ─▶ _start ─▶ stack, page tables, init table ─▶ main ─▶ …
///                 ├───────────────── counted ─────────────┤
///
/// The machine is halted at both ends and asked how many instructions it has
/// executed. That is exact, and the same on every computer.
public struct StartCost {
  private let image: URL
  private let toolbox: Toolbox
  private let disks: [Disk]

  /// - Parameters:
  ///   - image: What to boot.
  ///   - toolbox: Finds QEMU and llvm-nm.
  ///   - disks: What is attached.
  public init(of image: URL, with toolbox: Toolbox, disks: [Disk] = []) {
    self.image = image
    self.toolbox = toolbox
    self.disks = disks
  }

  /// Boots the machine as far as its program.
  ///
  /// - Parameter memory: As QEMU writes it.
  /// - Returns: How many instructions that took.
  /// - Throws: ``Failure``, ``Diagnosis`` or ``Interrupted``.
  public func instructions(memory: String = "128M") throws -> UInt64 {
    let symbols = try ImageSymbols(of: image, with: toolbox)
    guard let start = symbols["_start"], let program = symbols["main"] else {
      throw Failure("The image has no `_start`, or no `main`.")
    }
    var machine = Machine(image: image)
    machine.memory = memory
    machine.disks = disks
    // With sleep=off, or else QEMU counts time that passes while the machine
    // is halted as if instructions had been executed.
    machine.options = ["-icount", "shift=0,sleep=off"]
    let halted = try HaltedMachine(
      Command(
        toolbox.require(.qemu),
        machine.commandLine(printingTo: URL(filePath: "/dev/null"))),
      within: 600)
    guard try halted.run(to: start) else { throw Self.ended }
    let before = try halted.controlRegister("minstret")
    guard try halted.run(to: program) else { throw Self.ended }
    return try halted.controlRegister("minstret") &- before
  }

  private static var ended: Failure {
    Failure("The image ended before it came to its program.")
  }
}
