// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import Console

  /// Takes the key from the console before any other entry of the init table
  /// runs, an answer's own included. From then on it is in no place that a
  /// program can read without unsafe code.
  enum Secret {
    // Written and taken by the boot hart, before the first check.
    private nonisolated(unsafe) static var key: GradingKey?

    @section(".init_table.0.00") @used
    static let entry: InitEntry = (
      start: {
        guard Board.arguments.has("keyed") else { return }
        var console = SBIConsole()
        var digits = KeyDigits()
        while !digits.areComplete {
          if let byte = console.read() { digits.take(byte) }
        }
        unsafe key = digits.key
      }, stop: {}
    )

    /// The key, once.
    static func take() -> GradingKey? {
      defer { unsafe key = nil }
      return unsafe key
    }
  }
#endif

/// A key that arrives digit by digit, and ends with its line.
struct KeyDigits {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  private var count = 0
  private var isWrong = false

  /// Whether the line has ended.
  private(set) var areComplete = false

  /// The key; nil if the line was none.
  var key: GradingKey? {
    // The algorithm reads its key with the first byte lowest.
    areComplete && count == 32 && !isWrong
      ? GradingKey(low: low.byteSwapped, high: high.byteSwapped) : nil
  }

  mutating func take(_ byte: UInt8) {
    guard byte != 0x0A, byte != 0x0D else {
      areComplete = true
      return
    }
    guard let digit = hexadecimal(byte), count < 32 else {
      isWrong = true
      return
    }
    if count < 16 { low = low << 4 | digit } else { high = high << 4 | digit }
    count += 1
  }
}

/// What a hexadecimal digit means, or nil.
func hexadecimal(_ digit: UInt8) -> UInt64? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - 48)
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - 87)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - 55)
  default: nil
  }
}
