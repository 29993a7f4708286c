// SPDX-License-Identifier: BSD-3-Clause

/// Requests that wait for their turn, linked through themselves.
struct RequestList {
  private(set) var first: BlockRequest?
  private var last: BlockRequest?

  @inline(__always)
  var isEmpty: Bool { first == nil }

  mutating func append(_ request: BlockRequest) {
    if let last { last.next = request } else { first = request }
    last = request
  }

  mutating func removeFirst() {
    let next = first?.next
    first?.next = nil
    first = next
    if next == nil { last = nil }
  }
}
