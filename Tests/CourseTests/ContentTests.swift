// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// The images of chapters 1 to 3.
private let chaptersWithoutHeap = Clone().table.chapters.filter {
  $0.number <= 3
}.map(\.image)

/// What is in an image, and what is not.
@Suite(.serialized) struct ContentTests {
  let clone = Clone()

  private func build(_ image: String) throws -> URL {
    let project = try Project(root: clone.root)
    return try ImageBuild(of: project, with: Toolbox()).image(image)
  }

  /// The names in the image, demangled no further than their module.
  func symbols(of image: String) throws -> String {
    try llvm("llvm-nm", ["--defined-only"], image)
  }

  private func llvm(
    _ name: String, _ options: [String], _ image: String
  ) throws -> String {
    let path = try build(image)
    let swift = try Toolbox().require(.swift)
    let tool = swift.resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: name)
    return try Command(tool, options + [path.path]).run(within: 600).text
  }

  /// A module's name as it stands in mangled names: its length, then itself.
  private func mangled(_ module: String) -> String {
    "$e\(module.utf8.count)\(module)"
  }

  @Test func `a program without a library carries nothing of it`() throws {
    let symbols = try symbols(of: "hello")
    #expect(symbols.contains(mangled("Console")))
    #expect(!symbols.contains(mangled("Traps")))
    for unused in ["UART16550", "Arguments", "virtioSlots", "forEachHart"] {
      #expect(!symbols.contains(unused), "\(unused) is in the image")
    }
  }

  @Test func `a program with a library carries it`() throws {
    for library in clone.table.libraries where library.name != "CHart" {
      let image = "ch\(library.chapter)"
      #expect(try symbols(of: image).contains(mangled(library.name)))
    }
  }

  @Test(arguments: chaptersWithoutHeap)
  func `no image of a chapter without a heap can allocate`(
    image: String
  ) throws {
    let symbols = try symbols(of: image)
    for name in ["swift_allocObject", "swift_slowAlloc", "posix_memalign"] {
      #expect(!symbols.contains(name))
    }
  }

  @Test(arguments: chaptersWithoutHeap)
  func `nothing in an image is initialised lazily`(image: String) throws {
    // Such a variable, first used in an interrupt, could wait for itself.
    #expect(!(try symbols(of: image)).contains("swift_once"))
  }

  @Test func `one line and power off take at most 8 kB of code`() throws {
    let sections = try llvm("llvm-objdump", ["--section-headers"], "hello")
    let text = sections.split(separator: "\n").first { $0.contains(" .text ") }
    let words = try #require(text).split(separator: " ")
    let size = try #require(Int(words[2], radix: 16))
    #expect(size <= 8192)
  }

  @Test func `the entry is the first byte of the image`() throws {
    let symbols = try symbols(of: "hello")
    #expect(symbols.contains("0000000080200000 T _start"))
  }
}
