// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// What the shell gives the tool to work in: open files, limits, a folder for
/// short-lived files. None of it is as a program would wish by itself.
///
/// Call ``settle()`` before anything else: Foundation traps without files.
public enum Surroundings {
  /// With fewer, Foundation starts no other program.
  static let neededFiles = 256
  /// Enough for builds as well; more would only make closing them slow.
  static let wishedFiles = 1024

  /// Puts right what can be, and refuses what cannot.
  ///
  /// - Throws: ``Failure`` if too few files may be open, or if there is no
  ///   folder for temporary files.
  public static func settle() throws(Failure) {
    fillStandardFiles()
    // Without a handler, a file that may not grow ends the tool without a
    // word. A handler, unlike "ignore", is not inherited by QEMU.
    signal(SIGXFSZ) { _ in }
    try raiseFileLimit()
    try chooseTemporaryFolder()
  }

  /// A shell's `<&-` closes a standard file. The next file to be opened would
  /// take its number, and what is printed would end up in it. What takes its
  /// place instead fails as a closed file does: `/dev/null`, opened for the
  /// other direction.
  private static func fillStandardFiles() {
    for file in STDIN_FILENO...STDERR_FILENO where fcntl(file, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  private static func raiseFileLimit() throws(Failure) {
    var limit = rlimit()
    guard unsafe getrlimit(openFiles, &limit) == 0 else { return }
    if limit.rlim_cur < wishedFiles {
      limit.rlim_cur = min(limit.rlim_max, rlim_t(wishedFiles))
      _ = unsafe setrlimit(openFiles, &limit)
    }
    guard limit.rlim_cur < neededFiles else { return }
    throw Failure(
      "Only \(limit.rlim_cur) files may be open at once; the tool needs "
        + "\(neededFiles).",
      advice: "Raise the limit, in a new shell if need be: "
        + "ulimit -n \(wishedFiles)")
  }

  /// A compiler, too, stops at a folder that is not there.
  private static func chooseTemporaryFolder() throws(Failure) {
    let named = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
    guard !named.isEmpty, !isFolderToWriteTo(named) else { return }
    guard isFolderToWriteTo("/tmp") else {
      throw Failure(
        "No file can be made in \(named), which TMPDIR names, nor in /tmp.",
        advice: "Set TMPDIR to a folder that can be written to.")
    }
    Output.complaints.write(
      "TMPDIR names \(named), where no file can be made: /tmp serves.\n")
    unsafe setenv("TMPDIR", "/tmp", 1)
  }

  private static func isFolderToWriteTo(_ path: String) -> Bool {
    let manager = FileManager.default
    // Only a folder holds itself.
    return manager.fileExists(atPath: path + "/.")
      && manager.isWritableFile(atPath: path)
  }
}

#if canImport(Glibc)
  private let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
#else
  private let openFiles = RLIMIT_NOFILE
#endif
