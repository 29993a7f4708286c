// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  import Synchronization

  /// What memory drivers have on the host, for devices that tests simulate.
  public enum SimulatedDMA {
    private struct Buffers {
      var sizes: [UInt64: Int] = [:]
      /// The buffer that lies on each page.
      var pages: [UInt64: UInt64] = [:]
    }
    private static let buffers = Mutex(Buffers())

    /// How many more buffers there is memory for, on this thread of the host;
    /// without a limit if nil.
    @TaskLocal public static var allowance: Allowance?

    /// A limit that counts down.
    public final class Allowance: @unchecked Sendable {
      /// How many more buffers there is memory for.
      public var left: Int
      fileprivate var addresses: Set<UInt64> = []
      /// A limit of so many.
      public init(_ left: Int) { self.left = left }
      /// How many of those that there was memory for live.
      public var living: Int {
        addresses.count { SimulatedDMA.contains($0, count: 1) }
      }
    }

    /// Whether there is memory for one more.
    static func takeOne() -> Bool {
      guard let allowance else { return true }
      allowance.left -= 1
      return allowance.left >= 0
    }

    static func add(_ address: UInt64, _ count: Int) {
      allowance?.addresses.insert(address)
      buffers.withLock { buffers in
        buffers.sizes[address] = count
        for page in pages(address, count) { buffers.pages[page] = address }
      }
    }

    static func remove(_ address: UInt64) {
      buffers.withLock { buffers in
        let count = buffers.sizes.removeValue(forKey: address) ?? 1
        for page in pages(address, count) { buffers.pages[page] = nil }
      }
    }

    private static func pages(
      _ address: UInt64, _ count: Int
    ) -> ClosedRange<UInt64> {
      address >> 12...(address + UInt64(count) - 1) >> 12
    }

    /// Whether all these bytes lie in one buffer that lives.
    public static func contains(_ address: UInt64, count: Int) -> Bool {
      buffers.withLock { buffers in
        guard let start = buffers.pages[address >> 12],
          let size = buffers.sizes[start], address - start <= UInt64(size)
        else { return false }
        return UInt64(count) <= UInt64(size) - (address - start)
      }
    }

    /// The buffer whose first page has this number, of which version 1 of the
    /// transport tells the lowest 32 bits only.
    public static func buffer(onPage page: UInt32) -> UInt64? {
      buffers.withLock { buffers in
        buffers.sizes.keys.first {
          UInt32(truncatingIfNeeded: $0 >> 12) == page
        }
      }
    }
  }
#endif
