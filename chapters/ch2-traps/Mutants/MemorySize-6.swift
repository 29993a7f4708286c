// Wrong: counts memory that is disabled or has failed.
// SPDX-License-Identifier: BSD-3-Clause

import DeviceTree
import Hart

public enum RegionError: Error, Equatable {
  case unknownWidth
  case endsTooEarly
  case tooLarge
  case damagedTree
}

public func totalSize(
  ofRegions reg: ByteView, addressCells: Int, sizeCells: Int
) throws(RegionError) -> UInt64 {
  guard 1...2 ~= addressCells, 1...2 ~= sizeCells else { throw .unknownWidth }
  var total: UInt64 = 0
  var offset = 0
  while offset < reg.count {
    offset += 4 * addressCells
    guard let size = number(in: reg, at: offset, cells: sizeCells) else {
      throw .endsTooEarly
    }
    let (sum, overflow) = total.addingReportingOverflow(size)
    guard !overflow else { throw .tooLarge }
    total = sum
    offset += 4 * sizeCells
  }
  return total
}

public func memorySize(of tree: DeviceTree) throws(RegionError) -> UInt64 {
  var total: UInt64 = 0
  guard var nodes = try? tree.root().children() else { throw .damagedTree }
  let (addressCells, sizeCells) = try widths(in: tree)
  while let reg = try nextMemory(&nodes) {
    let size = try totalSize(
      ofRegions: reg, addressCells: addressCells, sizeCells: sizeCells)
    let (sum, overflow) = total.addingReportingOverflow(size)
    guard !overflow else { throw .tooLarge }
    total = sum
  }
  return total
}

private func number(
  in bytes: ByteView, at offset: Int, cells: Int
) -> UInt64? {
  cells == 2
    ? bytes.bigEndian64(at: offset)
    : bytes.bigEndian32(at: offset).map(UInt64.init)
}

private func widths(in tree: DeviceTree) throws(RegionError) -> (Int, Int) {
  do throws(DeviceTreeError) {
    let root = try tree.root()
    if let address = try root.property(named: "#address-cells")?.number32(),
      let size = try root.property(named: "#size-cells")?.number32()
    {
      return (Int(address), Int(size))
    }
  } catch {}
  throw .damagedTree
}

private func nextMemory(_ nodes: inout Nodes) throws(RegionError) -> ByteView? {
  do throws(DeviceTreeError) {
    while let node = try nodes.next() {
      guard try node.property(named: "device_type")?.contains("memory") == true,
        let reg = try node.property(named: "reg")
      else { continue }
      return reg.value
    }
    return nil
  } catch {
    throw .damagedTree
  }
}
