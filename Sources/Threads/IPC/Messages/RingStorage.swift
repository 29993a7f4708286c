// SPDX-License-Identifier: BSD-3-Clause

/// Places for a number of values, some of them taken: what rings are made of.
/// A place is known by a number that only grows; it wraps around.
///
/// Its users see to it that a place is filled before it is emptied, and emptied
/// before it is filled again, and hold the number of the first and the number
/// behind the last that is filled. They release it, once all places are empty.
@safe
struct RingStorage<Value: ~Copyable> {
  private let start: UnsafeMutablePointer<Value>
  private let mask: UInt64

  /// A power of two.
  let capacity: UInt64

  /// At least `count` places, from 1 to 2 to the power of 20.
  init(_ count: Int) {
    precondition(count >= 1 && count <= 1 << 20)
    var capacity = 1
    while capacity < count { capacity *= 2 }
    self.capacity = UInt64(capacity)
    mask = UInt64(capacity - 1)
    unsafe start = .allocate(capacity: capacity)
  }

  /// Gives the memory back: the last use of this value.
  func release() { unsafe start.deallocate() }

  @inline(__always)
  func fill(_ number: UInt64, _ value: consuming Value) {
    unsafe (start + Int(number & mask)).initialize(to: value)
  }

  @inline(__always)
  func empty(_ number: UInt64) -> Value {
    unsafe (start + Int(number & mask)).move()
  }
}
