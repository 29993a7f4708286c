// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  /// Memory for tests: as large as an address can tell, filled with a pattern
  /// that no table or record may be mistaken for, and a count of what is
  /// touched.
  public final class SimulatedMemory: WordMemory {
    private var words: [UInt64: UInt64] = [:]
    private let filling: UInt64

    /// Memory whose words all read `filling` at first.
    public init(filling: UInt64 = 0xA5A5_A5A5_A5A5_A5A5) {
      self.filling = filling
    }

    /// How many words have been written.
    public var touchedWords: Int { words.count }

    public func load(_ address: UInt64) -> UInt64 {
      precondition(address % 8 == 0, "misaligned")
      return words[address] ?? filling
    }

    public func store(_ value: UInt64, at address: UInt64) {
      precondition(address % 8 == 0, "misaligned")
      words[address] = value
    }
  }
#endif
