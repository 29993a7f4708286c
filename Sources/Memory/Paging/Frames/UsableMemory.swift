// SPDX-License-Identifier: BSD-3-Clause

import DeviceTree
import Hart

extension AddressRanges {
  /// Fills in the free memory, in whole frames.
  ///
  ///     what the tree calls memory
  ///       − what is reserved in it: the firmware, above all
  ///       − what is taken: the image, the device tree
  ///       − the first frame, so that a null pointer never leads to memory
  ///
  /// - Parameters:
  ///   - bootInfo: What the device tree tells.
  ///   - image: Where the image lies.
  ///   - tree: Where the device tree lies.
  ///   - limit: The first address that cannot be mapped where it lies.
  /// - Returns: Whether there was room for all pieces of it.
  @_optimize(speed)
  mutating func insertUsable(
    _ bootInfo: BootInfo, image: Range<UInt64>, tree: Range<UInt64>,
    below limit: UInt64
  ) -> Bool {
    for index in 0..<bootInfo.memory.count {
      let region = bootInfo.memory[index]
      guard insert(region.start..<region.end) else { return false }
    }
    for index in 0..<bootInfo.reserved.count {
      let region = bootInfo.reserved[index]
      guard remove(region.start..<region.end) else { return false }
    }
    guard remove(image), remove(tree), remove(0..<Frame.size),
      remove(limit..<UInt64.max)
    else { return false }
    shrinkToFrames()
    return true
  }
}
