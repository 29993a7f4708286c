// SPDX-License-Identifier: BSD-3-Clause

import Hart

@testable import DeviceTree

/// Asks a tree everything that can be asked, and counts the answers.
///
/// Errors are fine and every question is asked in spite of them. What must
/// hold is that the answers are no more than the bytes can hold.
struct Interrogation {
  private(set) var answers = 0
  private(set) var isDeviceTree = false
  private(set) var isWellFormed = false

  init(_ bytes: ByteView) {
    answers += DeviceTree.totalSize(of: bytes) == nil ? 0 : 1
    guard let tree = try? DeviceTree(bytes) else { return }
    isDeviceTree = true
    isWellFormed = (try? walk(tree)) != nil
    askAboutMachine(tree)
    askAboutDevices(tree)
  }

  private mutating func walk(_ tree: DeviceTree) throws(DeviceTreeError) {
    var nodes = tree.nodes()
    while let node = try nodes.next() {
      count(node.name)
      count(node.unitAddress)
      count(node.parent?.name)
      var properties = node.properties()
      while let property = try properties.next() {
        count(property.name)
        count(property.value)
        count(try? property.string())
        var strings = property.strings()
        while let string = try? strings.next() { count(string) }
      }
      ask(node)
    }
  }

  private mutating func ask(_ node: Node) {
    var children = node.children()
    while let child = try? children.next() { count(child.name) }
    if var regions = try? node.busRegions() {
      while let region = try? regions.next() {
        count(region.end)
        count((try? node.translate(region))?.end)
      }
    }
    if var interrupts = try? node.interrupts() {
      while let interrupt = try? interrupts.next() { count(interrupt.number) }
    }
    count(try? node.interruptSource())
    count(try? node.status())
  }

  private mutating func askAboutMachine(_ tree: DeviceTree) {
    var found = 0
    try? tree.forEachMemoryRegion { _ in found += 1 }
    try? tree.forEachReservedRegion { _ in found += 1 }
    try? tree.forEachHart { hart throws(DeviceTreeError) in
      found += 1
      found += try hart.hasExtension("sstc") ? 1 : 0
      found += try hart.hasExtension("c") ? 1 : 0
      found += try hart.mmuType() == nil ? 0 : 1
    }
    answers += found
    if let bootInfo = try? tree.bootInfo(hart: 0) {
      answers += bootInfo.memory.count + bootInfo.reserved.count
      answers += bootInfo.hasTimer ? 1 : 0
      count(bootInfo.frequency)
      count(bootInfo.randomSeed)
    }
    count(try? tree.bootArguments())
    count(try? tree.randomSeed())
    count((try? tree.standardOutput())?.options)
  }

  private mutating func askAboutDevices(_ tree: DeviceTree) {
    if let slots = try? tree.virtioSlots() {
      for index in 0..<slots.count { count(slots[index]?.region.end) }
    }
    count((try? tree.serialPort())?.region.end)
    count(try? tree.powerRegister())
    if let plic = try? tree.plic() { count(try? plic.context(hart: 0)) }
    count((try? tree.node(at: "/soc/serial"))?.name)
    count((try? tree.node(at: "serial0/x"))?.name)
    var found = 0
    try? tree.forEachNode(compatibleWith: "virtio,mmio") { _ in found += 1 }
    answers += found
  }

  private mutating func count<Answer>(_ answer: Answer??) {
    if case .some(.some) = answer { answers += 1 }
  }
}
