// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import DeviceTree
  import Hart
  import Interrupts
  import Virtio

  /// The board's disks.
  public enum Disks {
    /// Sets up all disks that the board has, in the order of their addresses,
    /// and attaches each to its interrupt. Called once.
    ///
    /// A disk whose interrupt cannot reach this hart is polled: see
    /// ``BlockDevice/needsPolling``.
    ///
    /// Costs about 100,000 instructions, of which 80,000 read the device tree:
    /// once for the virtio slots, and once for the interrupt controller.
    ///
    /// - Parameter complain: Told of each disk that cannot be used.
    /// - Returns: The others.
    @export(interface)
    public static func all(
      _ complain: (VirtioError) -> Void = { _ in }
    ) -> [BlockDevice] {
      var disks: [BlockDevice] = []
      for device in VirtioDevices.all(ofKind: 2) {
        do throws(VirtioError) {
          disks.append(try disk(device))
        } catch {
          complain(error)
        }
      }
      return disks
    }

    private static func disk(
      _ device: VirtioDevices.Device
    ) throws(VirtioError) -> BlockDevice {
      let source = device.interrupt
      let disk = try VirtioBlock(device.transport, interrupts: source != nil)
      guard let source else { return disk }
      do throws(InterruptError) {
        try Interrupts.attach(disk, to: source)
      } catch {
        disk.giveUpInterrupts()
      }
      return disk
    }
  }
#endif
