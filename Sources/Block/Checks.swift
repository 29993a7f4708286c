// SPDX-License-Identifier: BSD-3-Clause

extension DiskGeometry {
  /// Looks whether a device can be asked for this.
  ///
  /// - Throws: What is wrong with the request.
  func check(_ request: BlockRequest) throws(BlockError) {
    switch request.operation {
    case .read: try checkTransfer(request)
    case .write:
      guard !isReadOnly else { throw .readOnly }
      try checkTransfer(request)
    case .flush: return
    case .discard: try checkRange(request, most: maxDiscardSectors)
    case .writeZeroes: try checkRange(request, most: maxZeroSectors)
    case .identify:
      guard canIdentify else { throw .unsupported }
      guard request.byteCount == 20 else { throw .misaligned }
    }
  }

  private func checkTransfer(_ request: BlockRequest) throws(BlockError) {
    guard request.isWholeSectors else { throw .misaligned }
    guard request.sectorCount <= maxSectors,
      request.segmentCount <= maxSegments,
      request.largestSegment <= maxSegmentSize
    else { throw .tooLarge }
    try checkPlace(request)
  }

  private func checkRange(
    _ request: BlockRequest, most: UInt64
  ) throws(BlockError) {
    guard !isReadOnly else { throw .readOnly }
    guard most > 0 else { throw .unsupported }
    guard request.sectorCount <= most else { throw .tooLarge }
    try checkPlace(request)
  }

  private func checkPlace(_ request: BlockRequest) throws(BlockError) {
    let (first, count) = (request.sector, request.sectorCount)
    guard count > 0, (first | count) & (sectorsPerBlock &- 1) == 0 else {
      throw .misaligned
    }
    guard first <= sectorCount, count <= sectorCount &- first else {
      throw .outOfRange
    }
  }
}

extension BlockRequest {
  /// Whether its memory makes whole sectors.
  fileprivate var isWholeSectors: Bool {
    byteCount % DiskGeometry.sectorSize == 0
  }

  fileprivate var largestSegment: Int {
    var largest = segment?.count ?? 0
    for one in moreSegments { largest = max(largest, one.count) }
    return largest
  }
}
