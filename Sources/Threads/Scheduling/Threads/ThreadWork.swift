// SPDX-License-Identifier: BSD-3-Clause

/// What a thread does, whatever its result.
class Work {
  func run() { mustOverride() }
}

final class ResultWork<Result: ~Copyable>: Work {
  private let body: () -> Result
  private var result: Result?

  init(_ body: @escaping () -> Result) { self.body = body }

  override func run() { result = body() }

  func takeResult() -> Result? { result.take() }
}

/// The control block holds the only reference that counts: none is counted
/// while a thread begins, runs and is joined.
extension ThreadReference {
  /// Does the work.
  func runWork() {
    unsafe record.work?._withUnsafeGuaranteedRef { $0.run() }
  }

  /// The result of a thread that has ended, if there is one left.
  ///
  /// - Precondition: The work's result has this type: only the handle that was
  ///   made for it asks.
  func takeResult<Result: ~Copyable>() -> Result? {
    guard let work = unsafe record.work else { return nil }
    var result: Result?
    unsafe Unmanaged<ResultWork<Result>>.fromOpaque(work.toOpaque())
      ._withUnsafeGuaranteedRef { result = $0.takeResult() }
    return result
  }

  /// Releases the work, and what it keeps.
  func releaseWork() {
    unsafe record.work?.release()
    unsafe record.work = nil
  }
}
