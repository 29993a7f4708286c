// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Something that lies at a place in memory, and its name.
package struct MemoryArea: Equatable {
  enum Kind: Equatable {
    case memory
    case device
  }

  var range: AddressRange
  var name: String
  var kind = Kind.memory
}

/// QEMU's own list of what answers at which physical address: what its monitor
/// prints for `info mtree -f`.
///
///     0000000080000000-0000000087ffffff (prio 0, ram): riscv_virt_board.ram
enum MemoryTree {
  /// What the hart sees. A line of any other form is skipped, and so are the
  /// address spaces of other bus masters.
  static func places(in text: String) -> [MemoryArea] {
    var places: [MemoryArea] = []
    var isHarts = false
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("FlatView") { isHarts = false }
      if line.firstMatch(of: /^ AS "cpu-memory/) != nil { isHarts = true }
      if isHarts, let place = place(in: line) { places.append(place) }
    }
    return places
  }

  private static func place(in line: Substring) -> MemoryArea? {
    let form =
      /^ +([0-9a-f]{16})-([0-9a-f]{16}) \(prio [-0-9]+, ([^)]+)\): (.+)/
    guard let match = line.firstMatch(of: form),
      let first = UInt64(match.1, radix: 16),
      let last = UInt64(match.2, radix: 16), first <= last
    else { return nil }
    let range = AddressRange(first: first, last: last)
    guard match.3 != "ram" else {
      return MemoryArea(range: range, name: "memory")
    }
    let kind = match.3.hasPrefix("i/o") ? MemoryArea.Kind.device : .memory
    return MemoryArea(range: range, name: name(of: match.4), kind: kind)
  }

  /// QEMU's name, for the devices of its board `virt` in plain words.
  private static func name(of region: Substring) -> String {
    let known = names.first { region.hasPrefix($0.start) }
    return known?.words ?? String(region.prefix { $0 != "@" && $0 != " " })
  }

  private static let names: [(start: String, words: String)] = [
    ("serial", "serial port"),
    ("virtio-mmio", "virtio slots"),
    ("riscv.sifive.test", "power device (sifive_test)"),
    ("riscv.sifive.plic", "interrupt controller (PLIC)"),
    ("riscv.aclint", "timer and IPIs (CLINT)"),
    ("goldfish_rtc", "wall clock (RTC)"),
    ("fwcfg", "QEMU's settings (fw_cfg)"),
    ("virt.flash", "flash"),
    ("pcie", "PCI settings"),
    ("gpex", "PCI devices"),
    ("riscv_virt_board.mrom", "boot ROM"),
  ]
}
