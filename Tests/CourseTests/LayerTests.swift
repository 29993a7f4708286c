// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Testing

/// The floors of the table are those of the code.
@Suite struct LayerTests {
  let clone = Clone()

  @Test func `a library imports what the table says and nothing else`() throws {
    let names = Set(clone.table.libraries.map(\.name))
    for library in clone.table.libraries where library.name != "CHart" {
      let imported = try clone.imports(of: library.folder)
      #expect(
        imported.intersection(names) == Set(library.imports),
        "\(library.folder) and its row in Package.swift differ")
    }
  }

  @Test func `a library imports lower floors, or what stands above it`() {
    let order = clone.table.libraries
    for (position, library) in order.enumerated() {
      for name in library.imports {
        guard let other = order.firstIndex(where: { $0.name == name }) else {
          Issue.record("\(library.name) imports \(name), which has no row")
          continue
        }
        #expect(
          order[other].floor < library.floor
            || order[other].floor == library.floor && other < position,
          "\(library.name) must not import \(name)")
      }
    }
  }

  @Test func `a library is introduced no earlier than what it imports`() {
    let table = clone.table
    for library in table.libraries {
      for other in table.libraries where library.imports.contains(other.name) {
        #expect(other.chapter <= library.chapter)
      }
    }
  }

  @Test func `every folder of a library has a row`() throws {
    var folders: Set<String> = []
    for wing in try clone.folders(in: "Sources") where wing != "Tool" {
      for name in try clone.folders(in: "Sources/\(wing)") {
        folders.insert("Sources/\(wing)/\(name)")
      }
    }
    #expect(folders == Set(clone.table.libraries.map(\.folder)))
  }

  @Test func `only CHart holds assembly and C`() throws {
    for file in try clone.files(in: "Sources", endingIn: ["c", "h", "S", "ld"])
    {
      #expect(
        file.hasPrefix("Sources/Machine/CHart/"), "\(file) is out of place")
    }
  }

  @Test func `no library imports anything but libraries`() throws {
    // Synchronization is part of Swift, also of Embedded Swift.
    let allowed = Set(clone.table.libraries.map(\.name) + ["Synchronization"])
    for library in clone.table.libraries where library.name != "CHart" {
      let imported = try clone.imports(of: library.folder)
      #expect(imported.subtracting(allowed).isEmpty)
    }
  }

  @Test func `the libraries stay within the course's line budget`() throws {
    var lines = 0
    for library in clone.table.libraries {
      for file in try clone.files(
        in: library.folder, endingIn: ["swift"])
      {
        lines += try clone.code(of: file).count
      }
    }
    #expect(lines < 18_000)
  }
}
