// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import DeviceTree
  import Hart

  /// The machine that the firmware has described.
  public enum Board {
    // Written once, before any other code runs.
    private nonisolated(unsafe) static var treeAddress: UInt = 0

    static func setDeviceTree(at address: UInt) {
      unsafe treeAddress = address
    }

    /// Where the firmware has put the device tree.
    public static var deviceTreeAddress: UInt64 {
      UInt64(unsafe treeAddress)
    }

    /// The device tree, its header checked, or nil if there is none or it is
    /// damaged. Costs some hundred instructions.
    public static var deviceTree: DeviceTree? {
      guard let start = unsafe UnsafeRawPointer(bitPattern: treeAddress),
        let size = DeviceTree.totalSize(
          of: unsafe ByteView(at: start, count: 8))
      else { return nil }
      return try? DeviceTree(unsafe ByteView(at: start, count: size))
    }

    /// The program's arguments, from `/chosen/bootargs` of the tree; none if
    /// it has no such property. Linear in the size of the tree.
    public static var arguments: Arguments {
      let line = try? deviceTree?.bootArguments()
      return Arguments(line ?? ByteView(""))
    }

    /// The register that ends QEMU with an exit status.
    static var powerDevice: UInt64? {
      (try? deviceTree?.powerRegister()) ?? nil
    }
  }
#endif
