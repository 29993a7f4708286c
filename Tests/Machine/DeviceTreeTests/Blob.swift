// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Synchronization

@testable import DeviceTree

/// Bytes in a buffer of just their size, so that the address sanitizer
/// notices a read before or after them.
@safe
final class Blob: Sendable {
  private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

  init(_ bytes: [UInt8]) {
    unsafe buffer = .allocate(byteCount: bytes.count, alignment: 8)
    unsafe buffer.copyBytes(from: bytes)
  }

  deinit { unsafe buffer.deallocate() }

  /// Lends a view of the bytes to `body`.
  func withView<Result, Failure>(
    _ body: (ByteView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { extendLifetime(self) }
    // An empty buffer has no address.
    guard let base = unsafe buffer.baseAddress else {
      return try body(ByteView(""))
    }
    return try body(
      unsafe ByteView(at: UnsafeRawPointer(base), count: buffer.count))
  }
}

/// A view of bytes that stay until the tests end, so that a test may use it
/// and what it reads from it freely.
func kept(_ bytes: [UInt8]) -> ByteView {
  let blob = Blob(bytes)
  keeper.withLock { $0.append(blob) }
  return blob.withView { $0 }
}

private let keeper = Mutex<[Blob]>([])

func tree(_ bytes: [UInt8]) throws(DeviceTreeError) -> DeviceTree {
  try DeviceTree(kept(bytes))
}

extension [UInt8] {
  /// The bytes of `view`.
  init(_ view: ByteView) {
    self = view.indices.map { view[$0] }
  }

  /// The big-endian number at `offset`.
  subscript(cell offset: Int) -> UInt32 {
    get { self[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    set {
      for index in 0..<4 {
        self[offset + index] = UInt8(newValue >> (24 - 8 * index) & 0xff)
      }
    }
  }
}

extension String {
  /// The text in `view`.
  init(_ view: ByteView) {
    self.init(decoding: [UInt8](view), as: UTF8.self)
  }
}
