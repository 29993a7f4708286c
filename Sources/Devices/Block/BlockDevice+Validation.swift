// SPDX-License-Identifier: BSD-3-Clause

extension BlockDevice {
  /// Looks whether the device can be asked for this.
  ///
  /// - Throws: What is wrong with the request.
  @_optimize(speed)
  final func check(_ request: BlockRequest) throws(BlockError) {
    guard !request.isInFlight, !request.isUnreaped else { throw .inFlight }
    switch request.operation {
    case .read: try checkTransfer(request)
    case .write:
      guard !geometry.isReadOnly else { throw .readOnly }
      try checkTransfer(request)
    case .flush:
      guard request.segmentCount == 0 else { throw .misaligned }
    case .discard: try checkRange(request, most: geometry.maxDiscardSectors)
    case .writeZeroes: try checkRange(request, most: geometry.maxZeroSectors)
    case .identify:
      guard geometry.canIdentify else { throw .unsupported }
      guard request.byteCount == 20, request.smallest > 0 else {
        throw .misaligned
      }
      guard request.segmentCount <= geometry.maxSegments else {
        throw .tooLarge
      }
    }
  }

  @inline(__always)
  private final func checkTransfer(
    _ request: BlockRequest
  ) throws(BlockError) {
    // No device takes a stretch without bytes.
    guard request.byteCount & (DiskGeometry.sectorSize &- 1) == 0,
      request.smallest > 0
    else { throw .misaligned }
    guard request.sectorCount <= geometry.maxSectors,
      request.segmentCount <= geometry.maxSegments,
      request.largest <= geometry.maxSegmentSize
    else { throw .tooLarge }
    try checkPlace(request)
  }

  private final func checkRange(
    _ request: BlockRequest, most: UInt64
  ) throws(BlockError) {
    guard !geometry.isReadOnly else { throw .readOnly }
    guard most > 0 else { throw .unsupported }
    guard request.segmentCount == 0 else { throw .misaligned }
    guard request.sectorCount <= most else { throw .tooLarge }
    try checkPlace(request)
  }

  @inline(__always)
  private final func checkPlace(_ request: BlockRequest) throws(BlockError) {
    let (first, count) = (request.sector, request.sectorCount)
    guard count > 0, (first | count) & (geometry.sectorsPerBlock &- 1) == 0
    else { throw .misaligned }
    guard first <= geometry.sectorCount,
      count <= geometry.sectorCount &- first
    else { throw .outOfRange }
  }
}
