// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// The clone that the tool works on.
public struct Project: Sendable {
  /// The folder that holds `Package.swift`.
  public let root: URL
  /// What the manifest lists.
  public let table: CourseTable
  /// The application that the tool was called for, where it was called from the
  /// folder of one; the clone is then that of the tool.
  public private(set) var application: Application?

  /// Reads a clone.
  ///
  /// - Parameter root: The folder that holds `Package.swift`.
  /// - Throws: ``Failure`` if it cannot be read.
  public init(root: URL) throws {
    self.root = root
    table = try Self.read(root) { try CourseTable(manifest: $0) }
  }

  /// The cells of a table, row by row.
  ///
  /// - Parameter name: Which one.
  /// - Returns: As they stand in the manifest.
  /// - Throws: ``Failure`` if it cannot be read.
  public func rows(of name: CourseTable.Name) throws -> [[String]] {
    try Self.read(root) { try CourseTable.cells(of: name, in: $0) }
  }

  private static func read<Result>(
    _ root: URL, _ body: (String) throws -> Result
  ) throws -> Result {
    let manifest = root.appending(path: "Package.swift")
    do {
      return try body(String(contentsOf: manifest, encoding: .utf8))
    } catch let error as CourseTableError {
      throw Failure("\(error)")
    } catch {
      throw Failure("\(manifest.path) cannot be read.")
    }
  }

  /// The clone around the working folder, or else the one around the tool; with
  /// it, the application around the working folder.
  ///
  /// - Throws: ``Failure`` if neither lies in a clone.
  public static func current() throws -> Project {
    // Empty if that folder was removed meanwhile.
    let path = FileManager.default.currentDirectoryPath
    let here = path.isEmpty ? nil : URL(filePath: path)
    let tool = Bundle.main.executableURL?.resolvingSymlinksInPath()
    var application: Application?
    for start in [here, tool].compactMap(\.self) {
      switch surroundings(of: start) {
      case .clone(let root):
        var project = try Project(root: root)
        project.application = application
        return project
      case .application(let found): application = found
      case nil: break
      }
    }
    throw Failure(
      "No clone of Swiftkraft here.",
      advice: "Change to its folder first: cd swiftkraft")
  }

  private enum Package {
    case clone(URL)
    case application(Application)
  }

  /// The innermost package of either kind around a folder.
  private static func surroundings(of start: URL) -> Package? {
    var folder = start.standardizedFileURL
    while folder.path != "/" {
      let file = folder.appending(path: "Package.swift")
      if let text = try? String(contentsOf: file, encoding: .utf8) {
        if text.contains("let courseTable") { return .clone(folder) }
        if let application = Application(in: folder, manifest: text) {
          return .application(application)
        }
      }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }

  /// The package that is worked on: the application, or else the clone.
  public var home: URL { application?.folder ?? root }
  /// Where builds leave what they make.
  public var buildFolder: URL { home.appending(path: ".build") }
  /// Where the log of every run is kept.
  public var logFolder: URL { buildFolder.appending(path: "logs") }
}

extension Project {
  /// A folder for files that are needed only for a moment.
  package func scratchFolder() throws -> URL {
    try FileManager.default.createDirectory(
      at: buildFolder, withIntermediateDirectories: true)
    return buildFolder
  }
}

/// Something that stops the tool, in words for the person who called it.
public struct Failure: Error, Equatable, CustomStringConvertible {
  /// What is wrong, in one line.
  public let statement: String
  /// What to do next.
  public let advice: String

  /// - Parameters:
  ///   - statement: What is wrong, in one line.
  ///   - advice: What to do next.
  public init(_ statement: String, advice: String = "") {
    self.statement = statement
    self.advice = advice
  }

  /// Both, each on its own line.
  public var description: String {
    advice.isEmpty ? statement : statement + "\n" + advice
  }
}
