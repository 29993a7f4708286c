// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// What a thread does, whatever its result.
class Work {
  func run() {}

  /// Gives a reference that counts back, by address.
  static func release(_ reference: UInt64) {
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: UInt(reference))
    else { return }
    unsafe Unmanaged<Work>.fromOpaque(pointer).release()
  }
}

final class ResultWork<Result: ~Copyable>: Work {
  private let body: () -> Result
  private var result: Result?

  init(_ body: @escaping () -> Result) { self.body = body }

  /// The address of a reference that counts.
  static func reference(_ body: @escaping () -> Result) -> UInt64 {
    let work = unsafe Unmanaged.passRetained(ResultWork(body))
    return UInt64(UInt(bitPattern: unsafe work.toOpaque()))
  }

  override func run() { result = body() }

  func takeResult() -> Result? { result.take() }
}

/// The record holds the only reference that counts, as an address: so nobody
/// counts while a thread begins, runs and is joined.
extension ThreadReference {
  /// Does the work.
  func runWork() { with { $0.run() } }

  /// The result of a thread that has ended, if there is one left.
  ///
  /// - Precondition: The work's result has this type: only the handle that was
  ///   made for it asks.
  func takeResult<Result: ~Copyable>() -> Result? {
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: UInt(record.work))
    else { return nil }
    var result: Result?
    unsafe Unmanaged<ResultWork<Result>>.fromOpaque(pointer)
      ._withUnsafeGuaranteedRef { result = $0.takeResult() }
    return result
  }

  /// Gives the reference back.
  func releaseWork() {
    Work.release(record.work)
    record.work = 0
  }

  private func with(_ body: (Work) -> Void) {
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: UInt(record.work))
    else { return }
    unsafe Unmanaged<Work>.fromOpaque(pointer)
      ._withUnsafeGuaranteedRef { body($0) }
  }

  /// Gives the record's memory back.
  func free() { unsafe CHart.free(pointer) }
}
