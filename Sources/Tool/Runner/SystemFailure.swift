// SPDX-License-Identifier: BSD-3-Clause

import Foundation

extension Failure {
  /// What Foundation says when the system refuses something, with the file's
  /// path and the system's own reason, which its description leaves out.
  ///
  /// - Parameter error: As it was thrown.
  public init(system error: any Error) {
    let told = error as? CocoaError
    let underlying =
      (told?.underlying ?? error) as? POSIXError
    let reason = underlying.map { StandardFile.words($0.code.rawValue) }
    guard let path = told?.filePath ?? told?.url?.path else {
      self.init(reason.map { "\($0)." } ?? error.localizedDescription)
      return
    }
    self.init(
      "\(path): \(reason ?? error.localizedDescription)",
      advice: Self.advice(underlying?.code))
  }

  /// Standard output cannot be written to.
  ///
  /// - Parameter reason: The system's number.
  /// - Returns: What is wrong, and what to do.
  public static func outputLost(_ reason: Int32) -> Failure {
    Failure(
      "Standard output cannot be written: \(StandardFile.words(reason)).",
      advice: reason == EBADF
        ? "It is closed. To be told nothing: >/dev/null"
        : "What it leads to must have room; what was printed last is lost.")
  }

  private static func advice(_ code: POSIXErrorCode?) -> String {
    switch code {
    case .ENOSPC, .EDQUOT:
      "The disk is full: `make clean` frees what builds have made."
    case .EFBIG: "Files may not grow so large here: ulimit -f unlimited"
    case .EACCES, .EPERM, .EROFS:
      "The tool writes below .build; make that folder, and all in it, yours."
    case .ENOTDIR, .EEXIST:
      "A file lies where a folder belongs: move it away."
    default: ""
    }
  }
}
