// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import Console
  import DeviceTree
  import Hart

  /// The machine that the firmware has described.
  public enum Board {
    /// Where the firmware has put the device tree.
    public static var deviceTreeAddress: UInt64 { hart_device_tree() }

    /// The device tree, its header checked, or nil if there is none or it is
    /// damaged. Costs some hundred instructions.
    public static var deviceTree: DeviceTree? {
      let address = UInt(deviceTreeAddress)
      guard let start = unsafe UnsafeRawPointer(bitPattern: address),
        let size = DeviceTree.totalSize(
          of: unsafe ByteView(at: start, count: 8))
      else { return nil }
      return try? DeviceTree(unsafe ByteView(at: start, count: size))
    }

    // Set once, by the boot hart before others run.
    private nonisolated(unsafe) static var isSurveyed = false

    /// Where the boot information is kept once there is one: in words that
    /// CHart has set aside for this and nothing else. A variable would be
    /// copied twice to be made, and lie in the image.
    private static var place: UnsafeMutablePointer<BootInfo> {
      precondition(MemoryLayout<BootInfo>.size <= 96 * 8)
      let address = UInt(hart_boot_info_words_address())
      return unsafe UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
    }

    /// What every boot wants to know from the device tree: read at the first
    /// call, about 17,000 instructions, and kept. A program that never asks,
    /// and links no library that does, never pays.
    ///
    /// Ends the program in a panic if there is no device tree, or a damaged
    /// one: without it the kernel knows no memory.
    public static var bootInfo: BootInfo {
      @inline(never) get {
        if unsafe !isSurveyed { makeSurvey() }
        return unsafe place.pointee
      }
    }

    /// How fast the clock counts, from the boot information, and whether this
    /// hart has a timer of its own.
    public static var timeKeeping: (frequency: UInt64?, hasTimer: Bool) {
      @inline(never) get {
        if unsafe !isSurveyed { makeSurvey() }
        return unsafe (place.pointee.frequency, place.pointee.hasTimer)
      }
    }

    @inline(never)
    private static func makeSurvey() {
      guard let tree = deviceTree else {
        panic("the firmware has handed over no device tree")
      }
      do throws(DeviceTreeError) {
        unsafe place.initialize(to: BootInfo())
        try unsafe tree.read(&place.pointee, hart: Hart.id)
        unsafe isSurveyed = true
        takeSeed()
      } catch {
        panic("\(error.description) (byte \(error.offset) of the device tree)")
      }
    }

    // Written before the program starts.
    private nonisolated(unsafe) static var mixed: UInt64 = 0

    /// Mixes chance into the canary that protects stacks. Has an effect only
    /// before the program starts: from an entry of the init table.
    public static func addRandomness(_ word: UInt64) {
      unsafe mixed = (mixed ^ word) &* 0x100_0000_01B3
    }

    /// What was mixed in, which is forgotten; 0 if there is nothing.
    static func takeRandomness() -> UInt64 {
      defer { unsafe mixed = 0 }
      return unsafe mixed
    }

    // Written with the boot information, and emptied by the first call that
    // takes it.
    private nonisolated(unsafe) static var seed: BootSeed?

    /// Gives the firmware's random bytes away, to the first caller, but for
    /// those that went into the canary. Calls `use` with each word of them;
    /// never if the firmware gave none.
    public static func takeRandomSeed(_ use: (UInt64) -> Void) {
      _ = bootInfo
      unsafe seed?.take(use)
      unsafe seed = nil
    }

    /// Takes the random bytes out of the device tree, where every part of the
    /// program could read what the canary is made from. No page is protected
    /// yet.
    private static func takeSeed() {
      guard let bytes = unsafe place.pointee.randomSeed else { return }
      var seed = BootSeed(bytes)
      addRandomness(seed.canary)
      seed.forgetCanary()
      unsafe self.seed = seed
      let offset = unsafe place.pointee.randomSeedOffset
      unsafe place.pointee.forgetRandomSeed()
      // The property's token, length and name come before it. What is taken
      // out leaves NOP tokens (Devicetree Specification, section 5.4.1).
      let nop = UInt32(bigEndian: 4)
      for place in stride(from: offset - 12, to: offset + bytes.count, by: 4) {
        unsafe hart_store32(deviceTreeAddress + UInt64(place), nop)
      }
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
