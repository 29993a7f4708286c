// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import DeviceTree
  import Hart

  /// The machine that the firmware has described.
  public enum Board {
    // Written once, before any other code runs.
    private nonisolated(unsafe) static var treeAddress: UInt = 0

    /// Where the firmware has put the device tree.
    public static var deviceTreeAddress: UInt64 {
      UInt64(unsafe treeAddress)
    }

    static func setDeviceTree(at address: UInt) {
      unsafe treeAddress = address
    }

    /// The program's arguments, from `/chosen/bootargs` of the tree.
    public static var arguments: Arguments? {
      nil
    }

    static var powerDevice: UInt64? { 0x10_0000 }
  }
#endif
