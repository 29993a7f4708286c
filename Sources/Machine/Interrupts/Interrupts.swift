// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import DeviceTree
  import Hart
  import Paging
  import Traps

  /// The interrupts of the board's devices.
  ///
  ///     device ─▶ PLIC ─▶ hart ─▶ trap.S ─▶ Trap ─▶ here ─▶ handler
  ///
  /// A board may have several controllers: each device names its own in the
  /// device tree. A controller is looked for when the first handler is attached
  /// to it: a program without devices never pays for it.
  public enum Interrupts {
    // Written when the first handler is attached, with interrupts off.
    private nonisolated(unsafe) static var chain:
      InterruptController<MemoryMappedBus>?

    /// The first of the controllers that reach this hart.
    private static var first: InterruptController<MemoryMappedBus>? {
      unsafe chain
    }

    /// From now on, has `handler` serve the interrupts of `source` on this
    /// hart. It is kept for as long as it is attached.
    ///
    /// The first call for each controller reads the device tree, about 40,000
    /// instructions.
    ///
    /// - Parameters:
    ///   - handler: The driver that serves the device.
    ///   - source: The source, as the device tree tells.
    ///   - priority: How urgent it is, from 1 to 7.
    /// - Throws: ``InterruptError``; `noController` also if the source's
    ///   controller is of another kind than the PLIC, or leads to other harts.
    public static func attach(
      _ handler: any InterruptHandler, to source: InterruptSource,
      priority: UInt32 = 1
    ) throws(InterruptError) {
      try Hart.withInterruptsDisabled { () throws(InterruptError) in
        try controller(source.controller)
          .attach(handler, to: source.number, priority: priority)
      }
    }

    /// Turns a source off and forgets its handler.
    public static func detach(from source: InterruptSource) {
      Hart.withInterruptsDisabled {
        first?.controller(source.controller)?
          .detach(from: source.number)
      }
    }

    /// What has come so far, at all controllers.
    public static var counts: InterruptCounts {
      first?.counts ?? InterruptCounts()
    }

    private static func controller(
      _ identifier: UInt32?
    ) throws(InterruptError) -> InterruptController<MemoryMappedBus> {
      if let known = first?.controller(identifier) { return known }
      let tree = Board.deviceTree
      guard let found = (try? tree?.plic(phandle: identifier)) ?? nil else {
        throw .noController
      }
      // A source that names no controller may come after one that does.
      let phandle = (try? found.node.phandle()) ?? nil
      if let known = first?.controller(phandle) { return known }
      guard let plic = open(found) else { throw .noController }
      let new = InterruptController(plic, identifier: phandle)
      if let first = first {
        first.append(new)
        return new
      }
      unsafe chain = new
      Trap.onInterrupt(.external) { Interrupts.serve() }
      Trap.onStandstill { Interrupts.mayCome }
      Hart.enable(.external)
      return new
    }

    private static func serve() { unsafe chain?.serve() }

    private static var mayCome: Bool { first?.mayInterrupt ?? false }

    private static func open(
      _ description: PLICDescription
    ) -> PLIC<MemoryMappedBus>? {
      guard let context = (try? description.context(hart: Hart.id)) ?? nil,
        context <= 15871,
        description.region.size >= PLIC<MemoryMappedBus>.size(context),
        let bus = try? KernelMemory.device(description.region)
      else { return nil }
      return PLIC(
        bus: bus, sourceCount: description.sourceCount, context: context)
    }

    /// No device may interrupt while what serves it is taken apart.
    static func stop() { Hart.disable(.external) }
  }

  enum InterruptsStartup {
    @section(".init_table.3.10") @used
    static let entry: InitEntry = (
      start: { return }, stop: { Interrupts.stop() }
    )
  }
#endif
