// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Compares what happened with what should have.
public struct Judge: Sendable {
  /// Nil if anything may be printed.
  public var expectation: Expectation?
  /// Nil if the program may end with any status.
  public var status: Int?

  private let symbolize: @Sendable ([UInt64]) -> [Call]

  /// - Parameters:
  ///   - expectation: What should be printed; nil for anything.
  ///   - status: How it should end; nil for any.
  ///   - symbolize: Turns addresses into calls.
  public init(
    expectation: Expectation? = nil, status: Int? = nil,
    symbolize: @escaping @Sendable ([UInt64]) -> [Call]
  ) {
    self.expectation = expectation
    self.status = status
    self.symbolize = symbolize
  }

  /// What is wrong with a run.
  ///
  /// - Parameter outcome: How it came to its end.
  /// - Returns: Nil if all is well.
  public func diagnosis(of outcome: Outcome) -> Diagnosis? {
    let transcript = outcome.transcript
    if let disk = outcome.fullDisk { return .hostIsFull(disk) }
    switch outcome.end {
    case .reboot: return .rebootLoop
    case .unseen: return nil
    case .flood(let bytes): return .flood(bytes: bytes)
    case .timeOut(let seconds, let backtrace):
      return lateness(transcript, seconds, backtrace)
    case .itself(.signal(let number)):
      return .emulatorCrashed(signal: number, words: outcome.complaints)
    case .itself(.status(let status)):
      guard transcript.firmwareSpoke else {
        return status != 0
          ? .emulatorRefused(words: outcome.complaints)
          : .firmwareSilent(seconds: 0)
      }
      return verdict(transcript, status)
    }
  }

  private func lateness(
    _ transcript: Transcript, _ seconds: Double, _ backtrace: [UInt64]
  ) -> Diagnosis {
    if !transcript.firmwareSpoke { return .firmwareSilent(seconds: seconds) }
    if let panic = panic(in: transcript) { return panic }
    let place = symbolize(backtrace)
    guard !transcript.kernelLines.isEmpty else {
      return .kernelSilent(status: nil, place: place)
    }
    return .timeOut(seconds: seconds, place: place)
  }

  private func verdict(_ transcript: Transcript, _ status: Int) -> Diagnosis? {
    // A panic is no surprise where its status is expected. It never ends with
    // 0: the kernel has crashed, and the firmware has ended the machine.
    if status != self.status || status == 0, let panic = panic(in: transcript) {
      return panic
    }
    if transcript.kernelLines.isEmpty, expectation?.lines.isEmpty != true {
      return .kernelSilent(status: status, place: [])
    }
    if let difference = expectation?.difference(to: transcript.kernelLines) {
      return .wrongOutput(difference)
    }
    guard let expected = self.status, expected != status else { return nil }
    return .wrongStatus(status, expected: expected)
  }

  private func panic(in transcript: Transcript) -> Diagnosis? {
    guard let first = transcript.panics.first else { return nil }
    let rest =
      transcript.panics.count > 1 ? " (then it failed to explain this)" : ""
    return .panic(
      first + rest, explanation: transcript.explanation,
      calls: symbolize(transcript.backtrace), origins: origins(in: transcript))
  }

  private func origins(in transcript: Transcript) -> [Origin] {
    transcript.origins.map { title, addresses in
      // Symbolising takes the first for a place, not for where a call
      // returns to.
      let place = addresses.prefix(1).map { $0 &- 1 }
      return Origin(
        title: title, calls: symbolize(place + addresses.dropFirst()))
    }
  }
}

extension Judge {
  /// A judge who looks up addresses in the image.
  ///
  /// - Parameters:
  ///   - image: What was booted.
  ///   - toolbox: Finds the symboliser.
  ///   - expectation: What should be printed; nil for anything.
  ///   - status: How it should end; nil for any.
  public init(
    of image: URL, with toolbox: Toolbox, expectation: Expectation? = nil,
    status: Int? = nil
  ) {
    let symbolizer = Symbolizer(toolbox: toolbox, image: image)
    self.init(expectation: expectation, status: status) { backtrace in
      backtrace.isEmpty ? [] : symbolizer.calls(backtrace)
    }
  }
}
