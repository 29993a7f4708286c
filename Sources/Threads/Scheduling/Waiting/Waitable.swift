// SPDX-License-Identifier: BSD-3-Clause

/// Something that a thread can wait for: its name is for reports.
open class Waitable: @unchecked Sendable {
  /// What kind of thing it is, such as `semaphore`.
  public let kind: StaticString
  /// The thing's own name, if it has one.
  public let name: StaticString

  /// Something of that kind and name.
  public init(kind: StaticString, name: StaticString = "") {
    self.kind = kind
    self.name = name
  }
}

/// Which thing a blocked thread waits for, in one word.
///
/// Nobody counts references to it: the thing lives, for the thread that waits
/// has come by way of it, and keeps it until it goes on.
@safe
public struct WaitReason: Sendable {
  private let word: UInt64

  private init(_ word: UInt64) { self.word = word }

  /// Nothing at all.
  public static let nothing = WaitReason(0)
  /// For a time.
  static let sleep = WaitReason(1)
  /// For the end of a thread.
  static let join = WaitReason(2)
  /// For the end of all other threads.
  static let others = WaitReason(3)

  /// For this thing.
  @inline(__always)
  public init(_ thing: Waitable) {
    let pointer = unsafe Unmanaged.passUnretained(thing).toOpaque()
    word = UInt64(UInt(bitPattern: pointer))
  }

  /// Whether it is nothing at all.
  @inline(__always)
  var isNothing: Bool { word == 0 }

  /// What kind of thing it is.
  var kind: StaticString {
    switch word {
    case 0: "nothing"
    case 1: "sleep"
    case 2: "join"
    case 3: "the end of all other threads"
    default: thing?.kind ?? "nothing"
    }
  }

  /// The thing's own name, or nothing.
  var name: StaticString { word <= 3 ? "" : thing?.name ?? "" }

  private var thing: Waitable? {
    unsafe UnsafeRawPointer(bitPattern: UInt(word)).map {
      unsafe Unmanaged<Waitable>.fromOpaque($0).takeUnretainedValue()
    }
  }
}
