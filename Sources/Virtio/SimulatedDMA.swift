// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  import Synchronization

  /// What memory drivers have on the host, for devices that tests simulate.
  public enum SimulatedDMA {
    private static let buffers = Mutex<[UInt64: Int]>([:])

    static func add(_ address: UInt64, _ count: Int) {
      buffers.withLock { $0[address] = count }
    }

    static func remove(_ address: UInt64) {
      _ = buffers.withLock { $0.removeValue(forKey: address) }
    }

    /// Whether all these bytes lie in one buffer that lives.
    public static func contains(_ address: UInt64, count: Int) -> Bool {
      buffers.withLock { buffers in
        buffers.contains { start, size in
          address >= start && address - start <= UInt64(size)
            && UInt64(count) <= UInt64(size) - (address - start)
        }
      }
    }

    /// The buffer whose first page has this number, of which version 1 of the
    /// transport tells the lowest 32 bits only.
    public static func buffer(onPage page: UInt32) -> UInt64? {
      buffers.withLock { buffers in
        buffers.keys.first { UInt32(truncatingIfNeeded: $0 >> 12) == page }
      }
    }
  }
#endif
