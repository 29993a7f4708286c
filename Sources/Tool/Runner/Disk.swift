// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// A disk of a machine: a file on this computer, byte for byte what is on it.
///
/// What the program writes is in the file as soon as the device says that it
/// is done, even if QEMU is killed right after.
public struct Disk: Equatable, Sendable {
  /// Where the file is.
  public var image: URL
  /// Whether the device refuses to write.
  public var isReadOnly = false
  /// What else the device is told, as QEMU writes it: `serial=ABC`.
  public var properties: [String] = []

  /// - Parameter image: Where the file is.
  public init(_ image: URL) { self.image = image }

  /// Reads a disk from the words of an option.
  ///
  /// - Parameter text: The path, and after it what the device is told:
  ///   `disk.img,read-only,serial=ABC,logical_block_size=4096`. Commas of the
  ///   path itself stand as they are.
  /// - Throws: ``Failure`` if there is no such file.
  public init(option text: String) throws(Failure) {
    var words = text.split(separator: ",", omittingEmptySubsequences: false)
    var properties: [String] = []
    while words.count > 1, let word = words.last, Self.isProperty(word) {
      properties.insert(String(word), at: 0)
      words.removeLast()
    }
    try self.init(existing: words.joined(separator: ","))
    isReadOnly = properties.contains(Self.readOnly)
    self.properties = properties.filter { $0 != Self.readOnly }
  }

  private static let readOnly = "read-only"

  private init(existing path: String) throws(Failure) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        "There is no disk's image at \(path.isEmpty ? "\"\"" : path).",
        advice: "`dd if=/dev/zero of=disk.img bs=1048576 count=8` makes an "
          + "empty one. What the device is told stands behind its path: "
          + "disk.img,read-only,serial=ABC,logical_block_size=4096")
    }
    self.init(URL(filePath: path))
  }

  private static func isProperty(_ word: Substring) -> Bool {
    word == readOnly || word.prefixMatch(of: /[A-Za-z][A-Za-z0-9_-]*=/) != nil
  }
}

extension Disk {
  /// How many QEMU's board `virt` takes.
  public static let most = 8

  /// What QEMU calls the disk at this place, from 0.
  static func id(_ number: Int) -> String { "disk\(number)" }

  /// The arguments for QEMU that attach it.
  ///
  /// - Parameter number: Its place in the order of disks, from 0. Programs
  ///   find devices by rising address; left to itself, QEMU would give the
  ///   first disk the highest.
  /// - Returns: The arguments.
  func commandLine(number: Int) -> [String] {
    let name = Self.id(number)
    // A comma ends a value, two of them stand for one (QEMU's manual,
    // "Invocation").
    let file = image.path.replacing(",", with: ",,")
    let drive = [
      "if=none", "format=raw", "id=\(name)",
      // Otherwise QEMU halts the machine while this computer's disk is full,
      // which looks like a program that never ends.
      "werror=report", "rerror=report",
      "file=\(file)", isReadOnly ? "readonly=on" : nil,
    ]
    let device =
      ["virtio-blk-device", "drive=\(name)", "bus=virtio-mmio-bus.\(number)"]
      + properties + physicalBlockSize
    return [
      "-drive", drive.compactMap(\.self).joined(separator: ","),
      "-device", device.joined(separator: ","),
    ]
  }

  /// QEMU refuses physical blocks that are smaller than the logical ones, and
  /// has them at 512 bytes.
  private var physicalBlockSize: [String] {
    let (logical, physical) = ("logical_block_size=", "physical_block_size=")
    guard let size = properties.last(where: { $0.hasPrefix(logical) }),
      !properties.contains(where: { $0.hasPrefix(physical) })
    else { return [] }
    return [physical + size.dropFirst(logical.count)]
  }
}
