// SPDX-License-Identifier: BSD-3-Clause

/// Four kilobytes of physical memory that start at a multiple of their size:
/// the piece in which memory is handed out and mapped.
///
/// The manual calls it a physical page, and its number a PPN (privileged
/// specification, section "Sv39: Page-Based 39-bit Virtual-Memory System").
public struct Frame: Equatable, Hashable, Sendable {
  /// How many bytes a frame has, and the smallest page.
  public static var size: UInt64 { 4096 }

  /// The address divided by ``size``.
  public let number: UInt64

  /// The frame with this number, below 2 to the power of 44.
  public init(number: UInt64) {
    precondition(number < 1 << 44)
    self.number = number
  }

  /// The frame that holds the physical `address`, below 2 to the power of 56.
  public init(holding address: UInt64) {
    self.init(number: address / Self.size)
  }

  /// The physical address of its first byte, which fits 56 bits.
  public var address: UInt64 { number &* Self.size }

  /// The frame this many further on.
  public static func + (frame: Frame, distance: UInt64) -> Frame {
    Frame(number: frame.number + distance)
  }
}

/// Frames side by side.
public struct FrameRun: Equatable, Sendable {
  /// The one with the lowest address.
  public let first: Frame

  /// How many there are, at least one.
  public let count: UInt64

  /// `count` frames, at least one, from `first` on.
  public init(_ first: Frame, count: UInt64 = 1) {
    precondition(count > 0)
    self.first = first
    self.count = count
  }

  /// The physical addresses of all its bytes.
  public var addresses: Range<UInt64> {
    first.address..<first.address + count * Frame.size
  }
}

/// Why frames are not handed out, or not taken back.
public enum FrameError: Error, Equatable, Sendable {
  /// No run of so many free frames is left.
  case outOfFrames
  /// A count of 0 or beyond all memory, or an alignment that is no power of
  /// two.
  case badRequest
  /// A frame of the run is free already: it is released twice.
  case alreadyFree
  /// A frame of the run was never this allocator's to give.
  case foreign

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch self {
    case .outOfFrames: "no run of so many free frames is left"
    case .badRequest: "no such run of frames can exist"
    case .alreadyFree: "the frame is free already: it is released twice"
    case .foreign: "the frame was never this allocator's to give"
    }
  }
}
