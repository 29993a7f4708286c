// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import Hart
  import Random

  /// Chance from the board's virtio device, if it has one.
  public enum RandomSeed {
    /// Asks the device, and mixes what it gives into the stack protector's
    /// canary and the program's random numbers.
    ///
    /// A program that wants it puts it into the init table, in class 3: later
    /// the canary cannot change. It reads the device tree, about 210,000
    /// instructions, so no program pays that does not ask:
    ///
    ///     enum Startup {
    ///       @section(".init_table.3.20") @used
    ///       static let entry: InitEntry = (
    ///         start: { RandomSeed.take() }, stop: { return }
    ///       )
    ///     }
    ///
    /// - Returns: Whether a device gave any.
    @discardableResult
    public static func take() -> Bool {
      guard let device = VirtioDevices.all(ofKind: 4).first else {
        return false
      }
      do throws(VirtioError) {
        let source = try VirtioRandom(device.transport)
        try source.read { word in
          Board.addRandomness(word)
          Randomness.add(word)
        }
        return true
      } catch {
        return false
      }
    }
  }
#endif
