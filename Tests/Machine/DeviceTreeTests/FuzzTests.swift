// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import TestSupport
import Testing

@testable import DeviceTree

/// Mutated trees. Blob number n is the same in every run, so one that fails
/// can be looked at alone: `Fuzzing.blob(n)`.
@Suite struct `Whatever the bytes are` {
  @Test(arguments: 0..<4)
  func `a quarter of a million mutated trees are survived`(
    part: Int
  ) async throws {
    try await fuzz(Fuzzing.count(of: 250_000), part: part)
  }

  @Test func `many of them get past the header and past the walk`() {
    let asked = (0..<5_000).map { number in
      Blob(Fuzzing.blob(number)).withView { Interrogation($0) }
    }
    let (trees, sound) = (
      asked.count { $0.isDeviceTree }, asked.count { $0.isWellFormed }
    )
    #expect(trees > 2_500 && trees < asked.count)
    #expect(sound > 1_000 && sound < trees)
  }

  private func fuzz(_ count: Int, part: Int) async throws {
    let folder = try TemporaryFolder()
    let path = (folder / "number").path
    let range = part * count..<(part + 1) * count
    // A trap ends only the process that this closure runs in.
    await #expect(processExitsWith: .success) {
      [range = range as Range<Int>, path = path as String] in
      try Fuzzing.survive(range, progress: path)
    }
    if let text = try? String(contentsOfFile: path, encoding: .utf8),
      text != "done"
    {
      Issue.record("the blob that was not survived is number \(text)")
    }
  }
}

enum Fuzzing {
  /// Under the address sanitizer everything takes several times as long, and a
  /// tenth of the blobs has to do; `make test-all` asks for ten times as many.
  static func count(of all: Int) -> Int {
    let isLong = ProcessInfo.processInfo.environment["SWIFTKRAFT_TEST_LONG"]
    guard unsafe dlsym(nil, "__asan_init") == nil else { return all / 10 }
    return isLong == nil ? all : all * 10
  }

  /// One mutated tree out of endlessly many.
  static func blob(_ number: Int) -> [UInt8] {
    var numbers = SeededNumbers(seed: UInt64(number))
    // One in sixteen has nothing of a tree but, at times, the first bytes.
    if numbers.below(16) == 0 { return noise(with: &numbers) }
    var blob =
      numbers.below(32) == 0
      ? Specimens.together : specimens[numbers.below(specimens.count)]
    for _ in 0...numbers.below(3) { mutate(&blob, with: &numbers) }
    return blob
  }

  private static let specimens = Specimens.all

  private static func noise(with numbers: inout SeededNumbers) -> [UInt8] {
    var blob = (0..<numbers.below(200)).map { _ in
      UInt8(numbers.below(2) * numbers.below(10))
    }
    if blob.count >= 40, numbers.below(4) != 0 {
      blob.replaceSubrange(0..<40, with: specimens[0][0..<40])
      blob[cell: 4] = UInt32(blob.count)
    }
    return blob
  }

  /// Asks every question of many blobs, noting which one it is at.
  static func survive(_ range: Range<Int>, progress path: String) throws {
    limitWork()
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    for number in range {
      note(number, in: file.fileDescriptor)
      let bytes = blob(number)
      let asked = Blob(bytes).withView { Interrogation($0) }
      // Each byte may be counted by a few questions, and by each ancestor.
      guard asked.answers <= 100 * (bytes.count + 1) else { exit(1) }
    }
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data("done".utf8))
  }

  /// Ends this process after ten minutes of work: an endless loop, but not a
  /// busy computer.
  private static func limitWork() {
    var limit = rlimit(rlim_cur: 600, rlim_max: 610)
    #if canImport(Glibc)
      _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
    #else
      _ = unsafe setrlimit(RLIMIT_CPU, &limit)
    #endif
  }

  /// Later numbers are never shorter, so each covers the one before.
  private static func note(_ number: Int, in file: Int32) {
    var digits = Array("\(number)".utf8)
    _ = unsafe pwrite(file, &digits, digits.count, 0)
  }
}
