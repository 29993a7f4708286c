// SPDX-License-Identifier: BSD-3-Clause

import Exercise_3_3
import Paging

/// A machine with sixteen pages and a few frames, which notes what is done
/// wrongly.
struct SimulatedPages: LazyMachine {
  static let start: UInt64 = 0x10_0000
  static let sharedFrame: UInt64 = 0x5000

  private var frames: [16 of UInt64] = .init(repeating: 0)
  private var isWritable: [16 of Bool] = .init(repeating: false)

  /// How many frames are left.
  var frameSupply = 100
  /// How many times `map` works before it fails once.
  var mapsUntilFailure = Int.max
  /// Frames handed out and not given back.
  private(set) var framesOut = 0
  /// What the exercise did that no machine allows.
  private(set) var mistake: StaticString?

  /// The frame of a page, by its number, or 0.
  func frame(_ page: Int) -> UInt64 { frames[page] }

  private mutating func page(_ address: UInt64) -> Int? {
    let number = (address &- Self.start) / 4096
    guard address % 4096 == 0 else {
      mistake = "a page was mapped or unmapped at no multiple of 4096"
      return nil
    }
    guard number < 16 else {
      mistake = "a page outside was mapped or unmapped"
      return nil
    }
    return Int(number)
  }

  func protection(of address: UInt64) -> Protection? {
    let number = (address &- Self.start) / 4096
    guard number < 16, frames[Int(number)] != 0 else { return nil }
    return isWritable[Int(number)] ? .readWrite : .readOnly
  }

  mutating func map(
    _ address: UInt64, to frame: UInt64, _ protection: Protection
  ) -> Bool {
    guard let page = page(address) else { return false }
    guard frames[page] == 0 else {
      mistake = "a page was mapped where one is mapped already"
      return false
    }
    if frame == Self.sharedFrame, protection != .readOnly {
      mistake = "the shared frame was mapped so that it can be written"
    }
    mapsUntilFailure -= 1
    guard mapsUntilFailure != 0 else { return false }
    frames[page] = frame
    isWritable[page] = protection == .readWrite
    return true
  }

  mutating func unmap(_ address: UInt64) {
    guard let page = page(address) else { return }
    if frames[page] == 0 { mistake = "a page was unmapped that is not there" }
    frames[page] = 0
  }

  mutating func zeroedFrame() -> UInt64? {
    guard frameSupply > 0 else { return nil }
    frameSupply -= 1
    framesOut += 1
    return 0x100_0000 + UInt64(frameSupply) * 4096
  }

  mutating func giveBack(_ frame: UInt64) {
    if frame == Self.sharedFrame {
      mistake = "the shared frame was given back"
    }
    if !isOut(frame) { mistake = "a frame was given back that is not out" }
    if isMapped(frame) { mistake = "a frame in use was given back" }
    framesOut -= 1
  }

  /// Frames are handed out from the highest address down.
  private func isOut(_ frame: UInt64) -> Bool {
    frame % 4096 == 0 && frame >= 0x100_0000 + UInt64(frameSupply) * 4096
  }

  private func isMapped(_ frame: UInt64) -> Bool {
    for index in frames.indices where frames[index] == frame { return true }
    return false
  }
}
