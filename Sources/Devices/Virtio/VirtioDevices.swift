// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import DeviceTree
  import Hart
  import Paging

  /// The board's virtio devices.
  public enum VirtioDevices {
    /// A device, and how it interrupts.
    public final class Device {
      /// The way to it.
      public let transport: VirtioTransport<MemoryMappedBus>
      /// Its source at an interrupt controller, or nil if it cannot interrupt.
      public let interrupt: InterruptSource?

      init(
        _ transport: VirtioTransport<MemoryMappedBus>,
        _ interrupt: InterruptSource?
      ) {
        self.transport = transport
        self.interrupt = interrupt
      }
    }

    // Written at the first call, by the boot hart before others run.
    private nonisolated(unsafe) static var devices: [Device]?

    /// All devices of a kind, in the order of their addresses; see
    /// ``VirtioTransport/deviceID`` for the kinds.
    ///
    /// The first call reads the device tree, about 40,000 instructions.
    @export(interface)
    public static func all(ofKind kind: UInt32) -> [Device] {
      let devices = unsafe devices ?? findDevices()
      unsafe Self.devices = devices
      var found: [Device] = []
      for device in devices where device.transport.deviceID == kind {
        found.append(device)
      }
      return found
    }

    private static func findDevices() -> [Device] {
      var found: [Device] = []
      guard let slots = try? Board.deviceTree?.virtioSlots() else { return [] }
      for index in 0..<slots.count {
        guard let slot = slots[index], slot.region.size >= 0x200,
          let bus = try? KernelMemory.device(slot.region),
          let transport = try? VirtioTransport(bus: bus)
        else { continue }
        found.append(Device(transport, slot.interrupt))
      }
      return found
    }
  }
#endif
