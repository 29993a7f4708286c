// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import DeviceTree
  import Hart

  /// Random numbers for the program.
  ///
  ///     the firmware's seed, the clock ─┐
  ///     virtio-rng, if it is asked ─────┴▶ Randomness ─▶ UInt64.random(in:)
  ///
  /// They are as hard to guess as the best of what was put in: where the
  /// firmware gives no seed and the program asks no device, that is only the
  /// time. All calls may be made from an interrupt.
  public enum Randomness {
    // Used with interrupts off.
    private nonisolated(unsafe) static var generator = RandomGenerator()
    private nonisolated(unsafe) static var isSeeded = false

    /// Adds chance that came from somewhere.
    public static func add(_ word: UInt64) {
      Hart.withInterruptsDisabled { unsafe generator.add(word) }
    }

    /// The next random number. About 8,000 instructions for eight of them.
    public static func next() -> UInt32 {
      Hart.withInterruptsDisabled {
        if unsafe !isSeeded { seed() }
        return unsafe generator.next()
      }
    }

    private static func seed() {
      unsafe isSeeded = true
      unsafe generator.add(Hart.time)
      unsafe generator.add(Hart.cycles)
      Board.takeRandomSeed { unsafe generator.add($0) }
    }
  }

  /// What Swift's own random numbers and the seeds of its hashes come from;
  /// C libraries know it too.
  @c(arc4random_buf)
  func randomBytes(_ memory: UnsafeMutableRawPointer, _ count: Int) {
    var word: UInt32 = 0
    for offset in 0..<count {
      word = offset & 3 == 0 ? Randomness.next() : word >> 8
      unsafe memory.storeBytes(
        of: UInt8(truncatingIfNeeded: word), toByteOffset: offset,
        as: UInt8.self)
    }
  }
#endif
