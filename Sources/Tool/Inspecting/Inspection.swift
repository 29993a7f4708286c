// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Boots a machine, halts it just before it powers off, and reads its address
/// space out of it: not what the program says, but what the hart would do.
///
///     image ─▶ boots ─▶ … ─▶ boot_power_off ─▶ satp ─▶ page tables ─▶ rows
public struct Inspection {
  /// Where the firmware hands over, and where the program ends.
  private static let (start, end) = ("_start", "boot_power_off")

  private let machine: Machine
  private let toolbox: Toolbox
  private let log: URL
  private let seconds: Double

  /// - Parameters:
  ///   - machine: What to boot.
  ///   - toolbox: Finds QEMU and llvm-nm.
  ///   - log: Keeps what the program prints.
  ///   - seconds: Ended after so many; 0 for never.
  public init(
    _ machine: Machine, with toolbox: Toolbox, log: URL, seconds: Double
  ) {
    self.machine = machine
    self.toolbox = toolbox
    self.log = log
    self.seconds = seconds
  }

  /// Boots the machine and reads its address space.
  ///
  /// - Returns: What was found.
  /// - Throws: ``Failure`` if there is none, ``Diagnosis`` or ``Interrupted``.
  public func perform() throws -> Findings {
    let symbols = try ImageSymbols(of: machine.image, with: toolbox)
    let halted = try halt(symbols)
    let firmware = try halted.deviceTree()
    guard let end = symbols[Self.end], try halted.run(to: end) else {
      throw Self.endedElsewhere
    }
    return try read(halted, symbols.places, [firmware].compactMap(\.self))
  }

  /// What the registers and the tables of a machine say at its end.
  private func read(
    _ halted: HaltedMachine, _ image: [MemoryArea], _ firmware: [MemoryArea]
  ) throws -> Findings {
    let registers = try halted.monitor("info registers")
    let satp = Monitor.register("satp", in: registers) ?? 0
    guard let mode = PagingMode(satp: satp) else { throw Self.off(satp) }
    let tree = MemoryTree.places(in: try halted.monitor("info mtree -f"))
    try halted.usePhysicalAddresses()
    let memory = MemoryAreaMap(tree.filter { $0.kind == .memory })
    let walk = try PageTableWalk(mode, in: halted) {
      memory.place(at: $0) != nil
    }
    let tables = MemoryAreaMap.places(ofTables: walk.tables)
    return Findings(
      mode: mode, walk: walk, places: image + tables + firmware + tree,
      status: Monitor.register("x10/a0", in: registers) ?? 0)
  }

  /// A machine about to execute the program's first instruction.
  private func halt(_ symbols: ImageSymbols) throws -> HaltedMachine {
    guard let start = symbols[Self.start], symbols[Self.end] != nil else {
      throw Failure(
        "This image has no function \(Self.end), where it could be halted.",
        advice: "Link the library Boot: its `exit` ends the program there.")
    }
    try FileManager.default.createDirectory(
      at: log.deletingLastPathComponent(), withIntermediateDirectories: true)
    let halted = try HaltedMachine(
      Command(
        toolbox.require(.qemu), machine.commandLine(printingTo: log)),
      within: seconds)
    guard try halted.run(to: start) else { throw Self.endedElsewhere }
    return halted
  }
}

extension Inspection {
  private static var endedElsewhere: Failure {
    Failure(
      "The program ended without coming to \(end), so it was not inspected.",
      advice: "See how it ends with `make run-chN`.")
  }

  private static func off(_ satp: UInt64) -> Failure {
    guard satp >> 60 == 0 else {
      return Failure(
        "satp holds 0x\(AddressRange.hex(satp, 16)), a mode that is unknown.",
        advice: "This command reads Sv39, Sv48 and Sv57.")
    }
    return Failure(
      "Paging is off in this program (satp is 0): there is nothing to show.",
      advice: "Chapter 3 turns it on.")
  }
}

extension HaltedMachine {
  /// What the firmware hands over in a1, if it is a device tree: it starts
  /// with a certain number, then its size (Devicetree Specification 0.4,
  /// section "Header").
  fileprivate func deviceTree() throws -> MemoryArea? {
    let registers = try monitor("info registers")
    guard let address = Monitor.register("x11/a1", in: registers),
      let word = try words(at: address, count: 1).first?.byteSwapped,
      word >> 32 == 0xD00D_FEED
    else { return nil }
    let range = AddressRange(first: address, size: word & 0xFFFF_FFFF)
    return MemoryArea(range: range, name: "device tree")
  }
}
