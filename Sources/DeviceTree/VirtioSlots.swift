// SPDX-License-Identifier: BSD-3-Clause

/// A place where a virtio device may sit. Its registers tell whether one does.
public struct VirtioSlot: Sendable {
  /// Where the registers are.
  public let region: Region

  /// The first cell of its interrupt: the source's number at the PLIC.
  public let interrupt: UInt32?
}

/// The virtio-mmio slots of the machine, the lowest address first.
///
/// A tree may list them in any order; QEMU lists the last one first. Of more
/// than 32 slots, those with the lowest addresses are kept.
public struct VirtioSlots: Sendable {
  private var slots: [32 of VirtioSlot?] = .init(repeating: nil)

  /// No slots.
  public init() {}

  /// How many there are.
  public private(set) var count = 0

  /// The slot at `index`, or nil outside of `0..<count`.
  @inline(never)
  public subscript(index: Int) -> VirtioSlot? {
    slots.indices.contains(index) ? slots[index] : nil
  }

  /// Puts a slot where its address belongs.
  @inline(never)
  mutating func insert(_ slot: VirtioSlot) {
    var moving = slot
    for index in slots.indices {
      guard let other = slots[index] else {
        slots[index] = moving
        count += 1
        return
      }
      if other.region.start > moving.region.start {
        slots[index] = moving
        moving = other
      }
    }
  }
}

extension DeviceTree {
  /// All usable virtio-mmio slots, in one pass.
  public func virtioSlots() throws(DeviceTreeError) -> VirtioSlots {
    var slots = VirtioSlots()
    var nodes = nodes()
    while let node = try nodes.next() {
      guard try node.isUsable(as: "virtio,mmio"),
        let region = try node.region()
      else { continue }
      slots.insert(
        VirtioSlot(region: region, interrupt: try node.interruptNumber()))
    }
    return slots
  }
}
