// SPDX-License-Identifier: BSD-3-Clause

import TestSupport

/// The small trees that mutated blobs are made from. Each asks other
/// questions of the reader; together they answer every one.
enum Specimens {
  static let all: [[UInt8]] = [
    memory.flattened(reservations: [(0x8000_0000, 0x20_0000)]),
    harts.flattened(), devices.flattened(), bus.flattened(),
    chosen.flattened(), interrupts.flattened(), deep.flattened(),
  ]

  /// All of them under one root.
  static let together: [UInt8] = Tree(
    "", [cells("#address-cells", 2), cells("#size-cells", 2)],
    [memory, harts, devices, bus, chosen, interrupts].flatMap(\.children)
  ).flattened()

  static let memory = Tree(
    "", [cells("#address-cells", 2), cells("#size-cells", 2)],
    [
      Tree(
        "memory@80000000",
        [
          text("device_type", "memory"),
          cells("reg", 0, 0x8000_0000, 0, 0x800_0000, 1, 0, 0, 0x1000),
        ]),
      Tree(
        "reserved-memory",
        [
          cells("#address-cells", 2), cells("#size-cells", 2),
          .init(name: "ranges", value: []),
        ],
        [
          Tree(
            "firmware@80000000",
            [
              cells("reg", 0, 0x8000_0000, 0, 0x8_0000),
              .init(name: "no-map", value: []),
            ])
        ]),
    ])

  static let harts = Tree(
    "", [],
    [
      Tree(
        "cpus",
        [
          cells("#address-cells", 1), cells("#size-cells", 0),
          cells("timebase-frequency", 10_000_000),
        ],
        [
          Tree(
            "cpu@0",
            [
              text("device_type", "cpu"), cells("reg", 0),
              text("status", "okay"), text("riscv,isa", "rv64imac_sstc"),
              text("mmu-type", "riscv,sv39"),
            ],
            [
              Tree(
                "intc",
                [
                  text("compatible", "riscv,cpu-intc"), cells("phandle", 1),
                  cells("#interrupt-cells", 1),
                ])
            ])
        ]),
      Tree(
        "plic@c000000",
        [
          text("compatible", "riscv,plic0"), cells("riscv,ndev", 96),
          cells("reg", 0, 0xc00_0000, 0x1000),
          cells("interrupts-extended", 1, 11, 1, 9),
        ]),
    ])

  static let devices = Tree(
    "", [cells("#address-cells", 1), cells("interrupt-parent", 3)],
    [
      Tree(
        "virtio@2000",
        [
          text("compatible", "virtio,mmio"), cells("reg", 0x2000, 0x1000),
          cells("interrupts", 2),
        ]),
      Tree(
        "virtio@1000",
        [
          text("compatible", "virtio,mmio"), cells("reg", 0x1000, 0x1000),
          cells("interrupts-extended", 3, 1),
        ]),
      Tree(
        "serial@0",
        [
          text("compatible", "ns16550a"), cells("reg", 0, 0x100),
          cells("clock-frequency", 1), cells("reg-shift", 2),
        ]),
      Tree(
        "intc", [cells("phandle", 3), cells("#interrupt-cells", 1)]),
    ])

  static let bus = Tree(
    "", [cells("#address-cells", 2), cells("#size-cells", 2)],
    [
      Tree(
        "soc",
        [
          cells("#address-cells", 1), cells("#size-cells", 1),
          cells("ranges", 0, 0, 0x1000_0000, 0x1000),
        ],
        [
          Tree(
            "test@100",
            [
              text("compatible", "sifive,test1", "sifive,test0"),
              cells("reg", 0x100, 0x100), text("status", "okay"),
            ])
        ])
    ])

  static let chosen = Tree(
    "", [],
    [
      Tree("aliases", [text("serial0", "/soc/serial@0")]),
      Tree(
        "chosen",
        [
          text("bootargs", "a b"), text("stdout-path", "serial0:115200n8"),
          cells("rng-seed", 1, 2),
        ]),
      Tree(
        "soc", [.init(name: "ranges", value: [])],
        [
          Tree(
            "serial@0",
            [text("compatible", "ns16550a"), cells("reg", 0, 0, 0x100)])
        ]),
    ])

  static let interrupts = Tree(
    "", [cells("interrupt-parent", 1)],
    [
      Tree("a", [cells("phandle", 1), cells("#interrupt-cells", 2)]),
      Tree(
        "b", [cells("phandle", 2), cells("#interrupt-cells", 1)],
        [Tree("c", [cells("interrupts", 1, 2, 3, 4)])]),
      Tree("d", [cells("interrupts-extended", 1, 1, 2, 2, 3)]),
    ])

  static let deep = (0..<15).reduce(Tree("n")) { tree, _ in
    Tree("", [], [tree])
  }
}

/// Changes to the bytes of a tree, each of a kind that a reader may trip on.
func mutate(_ blob: inout [UInt8], with numbers: inout SeededNumbers) {
  guard blob.count > 40 else { return }
  // What the header refuses never gets to the rest, so it is spared mostly.
  let first = numbers.below(16) == 0 ? 0 : 40
  let place = first + numbers.below(blob.count - first)
  let cell = place / 4 * 4
  guard cell + 4 <= blob.count else { return }
  switch numbers.below(8) {
  case 0: blob[place] ^= 1 << UInt8(numbers.below(8))
  case 1: blob[place] = UInt8(numbers.below(256))
  case 2: blob[cell: cell] = extremes[numbers.below(extremes.count)]
  case 3: blob[cell: cell] = blob[cell: numbers.below(blob.count / 4) * 4]
  case 4:
    blob[cell: cell] &+= UInt32(truncatingIfNeeded: numbers.below(33) - 16)
  case 5: swap(in: &blob, with: &numbers)
  case 6 where numbers.below(4) == 0: truncate(&blob, with: &numbers)
  default: blob[cell: cell] = UInt32(1 + numbers.below(4))
  }
}

/// Takes some bytes off the end. Half of the time the header admits it.
private func truncate(_ blob: inout [UInt8], with numbers: inout SeededNumbers)
{
  blob.removeLast(numbers.below(min(blob.count, 32)))
  if numbers.below(2) == 0, blob.count >= 8 {
    blob[cell: 4] = UInt32(blob.count)
  }
}

private func swap(in blob: inout [UInt8], with numbers: inout SeededNumbers) {
  let length = numbers.below(8) * 4
  guard blob.count > 2 * length + 8 else { return }
  let places = (blob.count - length - 40) / 4
  guard places > 0 else { return }
  let one = 40 + numbers.below(places) * 4
  let other = 40 + numbers.below(places) * 4
  for index in 0..<length { blob.swapAt(one + index, other + index) }
}

private let extremes: [UInt32] = [
  0, 1, 2, 3, 4, 5, 9, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffc,
  0xffff_fff0, 0x1_0000, 0x20_0000, 0xd00d_feed,
]
