// SPDX-License-Identifier: BSD-3-Clause

/// Requests in a row, linked through themselves.
///
/// The list holds one reference to each, counted when a request comes and when
/// it goes: links that were references themselves would count four times as
/// often. A request is in one list at a time.
@safe
struct RequestList: ~Copyable {
  private var first: Unmanaged<BlockRequest>?
  private var last: Unmanaged<BlockRequest>?

  @inline(__always)
  var isEmpty: Bool { unsafe first == nil }

  @inline(__always)
  mutating func append(_ request: BlockRequest) {
    let new = unsafe Unmanaged.passRetained(request)
    unsafe request.next = nil
    if let last = unsafe last {
      unsafe last._withUnsafeGuaranteedRef { unsafe $0.next = new }
    } else {
      unsafe first = new
    }
    unsafe last = new
  }

  @inline(__always)
  mutating func removeFirst() -> BlockRequest? {
    guard let old = unsafe first else { return nil }
    let request = unsafe old.takeRetainedValue()
    unsafe first = request.next
    if unsafe first == nil { unsafe last = nil }
    return request
  }

  /// Calls `body` with each.
  func forEach(_ body: (BlockRequest) -> Void) {
    var next = unsafe first
    while let one = unsafe next {
      unsafe one._withUnsafeGuaranteedRef {
        body($0)
        unsafe next = $0.next
      }
    }
  }

  /// Calls `body` with the first one, if there is one.
  func withFirst(_ body: (BlockRequest) -> Bool) -> Bool {
    guard let first = unsafe first else { return false }
    return unsafe first._withUnsafeGuaranteedRef { body($0) }
  }
}
