// SPDX-License-Identifier: BSD-3-Clause

/// Which request each chain of descriptors carries.
///
/// It holds a reference of its own to each request, counted when the request
/// comes and goes. An array would count at each look as well.
@safe
struct InFlightTable: ~Copyable {
  private let places: UnsafeMutablePointer<Unmanaged<BlockRequest>?>
  private let count: Int

  /// A table for the chains 0 to `count` - 1.
  init(count: Int) {
    unsafe places = .allocate(capacity: count)
    unsafe places.initialize(repeating: nil, count: count)
    self.count = count
  }

  deinit {
    // Requests that are still there belong to a device that may write to them
    // for ever, and so they live as long.
    unsafe places.deallocate()
  }

  /// Puts a request where none is.
  @inline(__always)
  func put(_ request: BlockRequest, at head: UInt16) {
    precondition(head < count)
    unsafe places[Int(head)] = Unmanaged.passRetained(request)
  }

  /// Calls `body` with the request of a chain, if there is one.
  @inline(__always) @discardableResult
  func look<Result>(
    at head: UInt16, _ body: (BlockRequest) -> Result
  ) -> Result? {
    guard head < count, let request = unsafe places[Int(head)] else {
      return nil
    }
    return unsafe request._withUnsafeGuaranteedRef { body($0) }
  }

  /// Takes out the request of a chain, if there is one.
  @inline(__always)
  func take(_ head: UInt16) -> BlockRequest? {
    guard head < count, let request = unsafe places[Int(head)] else {
      return nil
    }
    unsafe places[Int(head)] = nil
    return unsafe request.takeRetainedValue()
  }

  /// Whether `condition` holds for one of them.
  func contains(where condition: (BlockRequest) -> Bool) -> Bool {
    for head in 0..<count {
      if look(at: UInt16(head), condition) == true { return true }
    }
    return false
  }

  /// Calls `body` with each.
  func forEach(_ body: (BlockRequest) -> Void) {
    for head in 0..<count { look(at: UInt16(head), body) }
  }

  /// Takes out all requests, in the order of their chains' numbers.
  func takeAll() -> RequestList {
    var list = RequestList()
    for head in 0..<count {
      if let request = take(UInt16(head)) { list.append(request) }
    }
    return list
  }
}
