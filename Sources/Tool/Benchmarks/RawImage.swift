// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Inspecting
import Runner

/// An image as it would lie in a flash memory: what `objcopy -O binary` writes.
///
/// It reaches from the first byte that is loaded to the last one, with the gaps
/// between pages. Memory that only has to be zero at the start is not in it.
/// (ELF: System V Application Binary Interface, "Program Header".)
struct RawImage {
  /// A segment of this type is loaded.
  private static let load: UInt64 = 1

  /// How many bytes it has.
  let size: Int

  /// - Parameter file: A 64-bit, little-endian ELF file.
  /// - Throws: ``Failure`` for any other file.
  init(elf file: Data) throws(Failure) {
    let bytes = [UInt8](file)
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]),
      let table = Self.number(bytes, at: 32, 8),
      let length = Self.number(bytes, at: 54, 2),
      let count = Self.number(bytes, at: 56, 2)
    else { throw Self.unreadable }
    var (low, high) = (UInt64.max, UInt64.min)
    for row in 0..<count {
      let header = Int(clamping: table) + Int(row * length)
      guard let type = Self.number(bytes, at: header, 4),
        let address = Self.number(bytes, at: header + 24, 8),
        let inFile = Self.number(bytes, at: header + 32, 8),
        address <= .max - inFile
      else { throw Self.unreadable }
      guard type == Self.load, inFile > 0 else { continue }
      low = min(low, address)
      high = max(high, address + inFile)
    }
    size = low < high ? Int(clamping: high - low) : 0
  }

  private static func number(
    _ bytes: [UInt8], at place: Int, _ count: Int
  ) -> UInt64? {
    guard place >= 0, place <= bytes.count - count else { return nil }
    return bytes[place..<(place + count)].reversed()
      .reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static var unreadable: Failure {
    Failure("The image is no 64-bit ELF file, or a damaged one.")
  }
}
