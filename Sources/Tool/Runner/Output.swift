// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Synchronization

/// A file that the tool prints to. The first write that fails is remembered,
/// so that what is lost is not taken for success.
public final class Output: Sendable {
  /// Standard output.
  public static let standard = Output(STDOUT_FILENO)
  /// Standard error.
  public static let complaints = Output(STDERR_FILENO)

  private let file: Int32
  private let firstFailure = Mutex<Int32?>(nil)

  /// - Parameter file: Its number; it stays open for as long as this lives.
  public init(_ file: Int32) { self.file = file }

  /// The system's number of the first failure, or nil: all was written.
  public var failure: Int32? { firstFailure.withLock(\.self) }

  /// Writes a text, and waits for a reader that is slow.
  public func write(_ text: String) { _ = write(Data(text.utf8)) }

  /// Writes bytes, and waits for a reader that is slow.
  ///
  /// - Parameter data: What is printed.
  /// - Returns: False if it cannot be written, now or ever again.
  public func write(_ data: Data) -> Bool {
    guard failure == nil else { return false }
    var rest = data[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Foundation.write(file, bytes.baseAddress, bytes.count)
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if !StandardFile.mayTryAgain(file, for: POLLOUT) {
        firstFailure.withLock { $0 = errno }
        return false
      }
    }
    return true
  }
}

/// Reading and writing where the file is what the shell has made of it.
enum StandardFile {
  /// What can be read now, waiting for the first byte; empty at the end, and
  /// where nothing can be read: a closed file, a folder.
  static func available(in file: Int32) throws(Failure) -> Data {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(file, &bytes, bytes.count)
      if count >= 0 { return Data(bytes[..<count]) }
      let reason = errno
      guard mayTryAgain(file, for: POLLIN) else {
        throw Failure("Standard input cannot be read: \(words(reason)).")
      }
    }
  }

  /// After a failure: whether it was a signal, or a file that another program
  /// has told not to wait, and that is waited for here.
  static func mayTryAgain(_ file: Int32, for event: some BinaryInteger) -> Bool
  {
    let reason = errno
    guard reason == EAGAIN || reason == EINTR else { return false }
    if reason == EAGAIN {
      var question = pollfd(fd: file, events: Int16(event), revents: 0)
      _ = unsafe poll(&question, 1, -1)
    }
    return true
  }

  /// What the system calls an error: `No space left on device`.
  static func words(_ number: Int32) -> String {
    unsafe String(cString: strerror(number))
  }
}

/// What standard input holds, to its end.
///
/// - Returns: All of it.
/// - Throws: ``Failure`` if it is closed, or a folder.
public func allOfStandardInput() throws(Failure) -> Data {
  var all = Data()
  while true {
    let more = try StandardFile.available(in: STDIN_FILENO)
    if more.isEmpty { return all }
    all += more
  }
}
