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
  // Plain numbers, all of them zero at first.
  private var starts: [32 of UInt64] = .init(repeating: 0)
  private var sizes: [32 of UInt64] = .init(repeating: 0)
  /// One more than the interrupt's number, or 0 if there is none.
  private var interrupts: [32 of UInt64] = .init(repeating: 0)
  /// One more than the phandle of its controller, or 0 if it has none.
  private var controllers: [32 of UInt64] = .init(repeating: 0)

  /// No slots.
  public init() {}

  /// How many there are.
  public private(set) var count = 0

  /// The slot at `index`, or nil outside of `0..<count`.
  @inline(never)
  public subscript(index: Int) -> VirtioSlot? {
    guard index >= 0, index < count,
      let region = Region(start: starts[index], size: sizes[index])
    else { return nil }
    guard let number = one(below: interrupts[index]) else {
      return VirtioSlot(region: region, interrupt: nil)
    }
    let controller = one(below: controllers[index])
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
    var place = count
    while place > 0, starts[place - 1] > slot.region.start {
      place -= 1
      if place + 1 < starts.count { move(place, to: place + 1) }
    }
    guard place < starts.count else { return }
    starts[place] = slot.region.start
    sizes[place] = slot.region.size
    interrupts[place] = one(above: slot.interrupt?.number)
    controllers[place] = one(above: slot.interrupt?.controller)
    count = min(count + 1, starts.count)
  }

  private mutating func move(_ place: Int, to other: Int) {
    starts[other] = starts[place]
    sizes[other] = sizes[place]
    interrupts[other] = interrupts[place]
    controllers[other] = controllers[place]
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
        VirtioSlot(region: region, interrupt: try node.interruptSource()))
    }
    return slots
  }
}
