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
  /// The controller is looked for when the first handler is attached: a
  /// program without devices never pays for it.
  public enum Interrupts {
    // Written when the first handler is attached, with interrupts off.
    private nonisolated(unsafe) static var controller:
      InterruptController<MemoryMappedBus>?

    /// From now on, has `handler` serve the interrupts of `source` on this
    /// hart. It is kept for as long as it is attached.
    ///
    /// The first call reads the device tree, about 190,000 instructions.
    ///
    /// - Parameters:
    ///   - handler: Who serves the device.
    ///   - source: The source's number, as the device tree tells.
    ///   - priority: How urgent it is, from 1 to 7.
    /// - Throws: ``InterruptError``.
    public static func attach(
      _ handler: any InterruptHandler, to source: UInt32, priority: UInt32 = 1
    ) throws(InterruptError) {
      try Hart.withInterruptsDisabled { () throws(InterruptError) in
        try start().attach(handler, to: source, priority: priority)
      }
    }

    /// Turns a source off and forgets its handler.
    public static func detach(from source: UInt32) {
      Hart.withInterruptsDisabled {
        unsafe controller?.detach(from: source)
      }
    }

    /// What has come so far.
    public static var counts: InterruptCounts {
      unsafe controller?.counts ?? InterruptCounts()
    }

    private static func start() throws(InterruptError)
      -> InterruptController<MemoryMappedBus>
    {
      if let controller = unsafe controller { return controller }
      guard let plic = findPLIC() else { throw .noController }
      let controller = InterruptController(plic)
      unsafe Self.controller = controller
      Trap.onInterrupt(.external) { Interrupts.serve() }
      Hart.enable(.external)
      return controller
    }

    private static func serve() { unsafe controller?.serve() }

    private static func findPLIC() -> PLIC<MemoryMappedBus>? {
      guard let description = (try? Board.deviceTree?.plic()) ?? nil,
        let context = (try? description.context(hart: Hart.id)) ?? nil,
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
