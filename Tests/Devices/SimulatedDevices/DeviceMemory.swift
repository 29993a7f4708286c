// SPDX-License-Identifier: BSD-3-Clause

import CHart
import Virtio

/// How a simulated device reaches memory: it looks each time whether the bytes
/// lie in a buffer that lives, and touches nothing else.
struct DeviceMemory {
  /// What a driver has had it touch, or do, that no driver may.
  private(set) var violations: [String] = []

  mutating func report(_ violation: String) {
    guard violations.count < 100 else { return }
    violations.append(violation)
  }

  /// Whether these bytes may be touched.
  mutating func owns(_ address: UInt64, _ count: Int) -> Bool {
    if SimulatedDMA.contains(address, count: count) { return true }
    report("touches \(count) bytes at \(String(address, radix: 16))")
    return false
  }

  mutating func load16(_ address: UInt64) -> UInt16 {
    unsafe owns(address, 2) ? hart_load16(address) : 0
  }

  mutating func load64(_ address: UInt64) -> UInt64 {
    unsafe owns(address, 8) ? hart_load64(address) : 0
  }

  mutating func store16(_ value: UInt16, _ address: UInt64) {
    if owns(address, 2) { unsafe hart_store16(address, value) }
  }

  mutating func store32(_ value: UInt32, _ address: UInt64) {
    if owns(address, 4) { unsafe hart_store32(address, value) }
  }

  mutating func bytes(_ address: UInt64, _ count: Int) -> [UInt8] {
    guard owns(address, count) else {
      return Array(repeating: 0, count: count)
    }
    return (0..<count).map { unsafe hart_load8(address + UInt64($0)) }
  }

  mutating func store(_ bytes: ArraySlice<UInt8>, _ address: UInt64) {
    guard owns(address, bytes.count) else { return }
    for (offset, byte) in bytes.enumerated() {
      unsafe hart_store8(address + UInt64(offset), byte)
    }
  }
}
