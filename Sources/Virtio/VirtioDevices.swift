// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import DeviceTree
  import Hart
  import Paging

  /// The board's virtio devices.
  public enum VirtioDevices {
    /// A device, and how it interrupts.
    public struct Device {
      /// The way to it.
      public let transport: VirtioTransport<MemoryMappedBus>
      /// Its source at the PLIC, or nil if it cannot interrupt.
      public let interrupt: UInt32?
    }

    // Written at the first call, by the boot hart before others run.
    private nonisolated(unsafe) static var slots: [VirtioSlot]?

    /// All devices of a kind, in the order of their addresses; see
    /// ``VirtioTransport/deviceID`` for the kinds.
    ///
    /// The first call reads the device tree, about 50,000 instructions.
    @export(interface)
    public static func all(ofKind kind: UInt32) -> [Device] {
      var found: [Device] = []
      for slot in knownSlots() {
        if let device = device(in: slot, kind) { found.append(device) }
      }
      return found
    }

    private static func knownSlots() -> [VirtioSlot] {
      if let slots = unsafe slots { return slots }
      var found: [VirtioSlot] = []
      if let slots = try? Board.deviceTree?.virtioSlots() {
        for index in 0..<slots.count {
          if let slot = slots[index] { found.append(slot) }
        }
      }
      unsafe Self.slots = found
      return found
    }

    private static func device(
      in slot: VirtioSlot, _ kind: UInt32
    ) -> Device? {
      guard slot.region.size >= 0x200,
        let bus = try? KernelMemory.device(slot.region),
        let transport = try? VirtioTransport(bus: bus),
        transport.deviceID == kind
      else { return nil }
      return Device(transport: transport, interrupt: slot.interrupt)
    }
  }
#endif
