// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Keeps what one run printed, to be read when something went wrong.
struct RunLog {
  /// So many are kept; the oldest go first.
  private static let kept = 200

  let path: URL
  private let file: FileHandle

  /// Starts a log that is named after the image, the time and the process.
  init(of name: String, in folder: URL) throws {
    let manager = FileManager.default
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    Self.prune(folder)
    let unique = UUID().uuidString.prefix(4).lowercased()
    path = folder.appending(path: "\(name)-\(Self.now)-\(unique).log")
    try Data().write(to: path)
    file = try FileHandle(forWritingTo: path)
  }

  /// A full disk does not stop a run.
  func write(_ data: Data) { try? file.write(contentsOf: data) }

  func write(line: String) { write(Data((line + "\n").utf8)) }

  /// `20261124T024830Z`.
  private static var now: String {
    Date.now.formatted(.iso8601).filter { $0.isLetter || $0.isNumber }
  }

  private static func prune(_ folder: URL) {
    let manager = FileManager.default
    let logs = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
    guard logs.count > kept else { return }
    let dated = logs.map { name in
      let path = folder.appending(path: name).path
      let about = try? manager.attributesOfItem(atPath: path)
      return (about?[.modificationDate] as? Date ?? .distantPast, path)
    }
    for (_, path) in dated.sorted(by: { $0.0 < $1.0 }).dropLast(kept) {
      try? manager.removeItem(atPath: path)
    }
  }
}
