// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// The programs that the course needs on this machine.
public enum Tool: String, CaseIterable, Sendable {
  case swift
  case qemu = "qemu-system-riscv64"
  case symbolizer = "llvm-symbolizer"
  case linker = "ld.lld"
  case objcopy = "llvm-objcopy"
  case symbolLister = "llvm-nm"
  case debugger = "gdb-multiarch"
  case deviceTreeCompiler = "dtc"
  case partitioner = "sfdisk"
  case shellcheck
  case git
  case python = "python3"

  /// The oldest version that will do.
  public var minimum: ToolVersion? {
    switch self {
    case .swift: ToolVersion(6, 3)
    case .qemu: ToolVersion(7, 0)
    case .python: ToolVersion(3, 9)
    default: nil
    }
  }

  /// Swift's own installation brings these, beside `swift` itself.
  var comesWithSwift: Bool {
    [.symbolizer, .linker, .objcopy, .symbolLister].contains(self)
  }

  /// Other names under which the same program is installed.
  var names: [String] {
    guard self == .debugger else { return [rawValue] }
    return [rawValue, "riscv64-elf-gdb", "riscv64-unknown-elf-gdb"]
  }

  /// Where it may be beside `PATH`: Debian keeps `sfdisk` for root, and
  /// Homebrew to itself.
  var folders: [String] {
    guard self == .partitioner else { return [] }
    return [
      "/usr/sbin", "/sbin", "/opt/homebrew/opt/util-linux/sbin",
      "/usr/local/opt/util-linux/sbin",
    ]
  }
}

/// Finds programs: by an environment variable, beside `swift`, or in `PATH`.
public struct Toolbox: Sendable {
  private let environment: [String: String]

  /// - Parameter environment: Where to look up `PATH` and the variables such
  ///   as `SWIFTKRAFT_QEMU` that name a program directly.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.environment = environment
  }

  /// Where a program is.
  ///
  /// - Parameter tool: The program.
  /// - Returns: Its path, or nil if it is not installed.
  public func find(_ tool: Tool) -> URL? {
    if let path = environment[Self.variable(for: tool)], !path.isEmpty {
      return Self.executable(URL(filePath: path))
    }
    if tool.comesWithSwift, let beside = findBesideSwift(tool.rawValue) {
      return beside
    }
    return tool.names.lazy.compactMap(findInPath).first
      ?? tool.folders.lazy.compactMap { folder in
        Self.executable(URL(filePath: "\(folder)/\(tool.rawValue)"))
      }.first
  }

  /// Where a program is.
  ///
  /// - Parameter tool: The program.
  /// - Returns: Its path.
  /// - Throws: ``Diagnosis/toolMissing(_:)``.
  public func require(_ tool: Tool) throws(Diagnosis) -> URL {
    guard let path = find(tool) else { throw .toolMissing(tool) }
    return path
  }

  /// The variable that names a program directly: `SWIFTKRAFT_QEMU`.
  public static func variable(for tool: Tool) -> String {
    "SWIFTKRAFT_\(tool)".uppercased()
  }

  private func findInPath(_ name: String) -> URL? {
    (environment["PATH"] ?? "").split(separator: ":").lazy
      .compactMap { Self.executable(URL(filePath: "\($0)/\(name)")) }
      .first
  }

  /// `swift` may be a link into the toolchain, or a stand-in that only knows
  /// where the toolchain is (swiftly, Xcode): then it is asked.
  private func findBesideSwift(_ name: String) -> URL? {
    guard let swift = find(.swift)?.resolvingSymlinksInPath() else {
      return nil
    }
    let beside = swift.deletingLastPathComponent()
    return Self.executable(beside.appending(path: name))
      ?? toolchain(of: swift).flatMap {
        Self.executable($0.appending(path: "bin/\(name)"))
      }
  }

  private func toolchain(of swift: URL) -> URL? {
    struct Information: Decodable {
      struct Paths: Decodable { let runtimeResourcePath: String }
      let paths: Paths
    }
    guard
      let answer = try? Command(swift, ["-print-target-info"]).run(),
      let information = try? JSONDecoder().decode(
        Information.self, from: answer.output)
    else { return nil }
    // It ends in usr/lib/swift.
    return URL(filePath: information.paths.runtimeResourcePath)
      .deletingLastPathComponent().deletingLastPathComponent()
  }

  private static func executable(_ path: URL) -> URL? {
    FileManager.default.isExecutableFile(atPath: path.path) ? path : nil
  }
}
