// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// Something that is measured: how long a yield takes, how large an image is.
public struct Figure: Hashable, Sendable {
  /// The chapter that it belongs to.
  public let chapter: Int
  /// What it is called, within its chapter.
  public let name: String

  /// - Parameters:
  ///   - chapter: The chapter that it belongs to.
  ///   - name: What it is called, within its chapter.
  public init(_ chapter: Int, _ name: String) {
    self.chapter = chapter
    self.name = name
  }

  // MARK: - What each chapter has

  /// Bytes that would be written to a disk or a flash memory.
  static let image = "image"
  /// Instructions from the kernel's first one to the program's.
  static let start = "start"
  /// The smallest memory in which the program does its work, in KiB.
  static let memory = "memory"
  /// The bytes of the smallest image: one line and power off.
  static let hello = "image of hello"

  /// Whether each chapter has one of this name.
  var isOfEveryChapter: Bool {
    [Self.image, Self.start, Self.memory].contains(name)
  }

  /// What it counts. Most figures are instructions.
  var unit: String {
    switch name {
    case Self.image, Self.hello: "bytes"
    case Self.memory: "KiB"
    default: "instructions"
    }
  }

  /// Enough to tell it from all others.
  var title: String { isOfEveryChapter ? "\(name), ch\(chapter)" : name }
}

extension Figure: Comparable {
  /// By chapter, and then by name.
  public static func < (one: Figure, other: Figure) -> Bool {
    (one.chapter, one.name) < (other.chapter, other.name)
  }
}

extension Int {
  /// As people read it: 12,345.
  var grouped: String {
    var digits = String(magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}
