// SPDX-License-Identifier: BSD-3-Clause

/// A place where a virtio device may sit. Its registers tell whether one does.
public struct VirtioSlot: Sendable {
  /// Where the registers are.
  public let region: Region

  /// Its interrupt, or nil if it has none.
  public let interrupt: InterruptSource?
}

/// The virtio-mmio slots of the machine, the lowest address first.
///
/// A tree may list them in any order; QEMU lists the last one first. Of more
/// than 32 slots, those with the lowest addresses are kept.
public struct VirtioSlots: Sendable {
  /// Four plain numbers for each slot, all of them zero at first: address,
  /// size, and the interrupt's number and its controller's phandle, each plus
  /// one, or 0 if there is none.
  private var numbers: [128 of UInt64] = .init(repeating: 0)

  private static var capacity: Int { 32 }

  /// No slots.
  public init() {}

  /// How many there are.
  public private(set) var count = 0

  /// The slot at `index`, or nil outside of `0..<count`.
  @inline(never)
  public subscript(index: Int) -> VirtioSlot? {
    guard index >= 0, index < count else { return nil }
    // Without a span, each number would be read from a copy of all.
    let (numbers, place) = (numbers.span, index * 4)
    guard
      let region = Region(start: numbers[place], size: numbers[place + 1])
    else { return nil }
    guard let number = one(below: numbers[place + 2]) else {
      return VirtioSlot(region: region, interrupt: nil)
    }
    let controller = one(below: numbers[place + 3])
    return VirtioSlot(
      region: region,
      interrupt: InterruptSource(controller: controller, number: number))
  }

  private func one(below number: UInt64) -> UInt32? {
    number > 0 ? UInt32(truncatingIfNeeded: number - 1) : nil
  }

  private func one(above number: UInt32?) -> UInt64 {
    number.map { UInt64($0) + 1 } ?? 0
  }

  /// Puts a slot where its address belongs.
  @inline(never)
  mutating func insert(_ slot: VirtioSlot) {
    var index = min(count, Self.capacity - 1)
    if count == Self.capacity, numbers[index * 4] <= slot.region.start {
      return
    }
    while index > 0, numbers[index * 4 - 4] > slot.region.start {
      for place in index * 4..<index * 4 + 4 {
        numbers[place] = numbers[place - 4]
      }
      index -= 1
    }
    numbers[index * 4] = slot.region.start
    numbers[index * 4 + 1] = slot.region.size
    numbers[index * 4 + 2] = one(above: slot.interrupt?.number)
    numbers[index * 4 + 3] = one(above: slot.interrupt?.controller)
    count = min(count + 1, Self.capacity)
  }
}

extension DeviceTree {
  /// All usable virtio-mmio slots, in one pass.
  @inline(never)
  public func virtioSlots() throws(DeviceTreeError) -> VirtioSlots {
    var slots = VirtioSlots()
    var nodes = nodes()
    while try nodes.advance() {
      guard try nodes.node.isUsable(as: "virtio,mmio"),
        let region = try nodes.node.region()
      else { continue }
      let interrupt = try nodes.node.interruptSource()
      slots.insert(VirtioSlot(region: region, interrupt: interrupt))
    }
    return slots
  }
}
