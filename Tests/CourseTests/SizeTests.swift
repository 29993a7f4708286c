// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// How many bytes of code, constants and variables an image brings along. The
/// room between them, up to the next page, is not counted.
@Suite(.serialized) struct SizeTests {
  private func size(of image: String) throws -> Int {
    let toolbox = Toolbox()
    let project = try Project(root: Clone().root)
    let path = try ImageBuild(of: project, with: toolbox).image(image)
    let tool = try toolbox.require(.swift).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "llvm-nm")
    var places: [Substring: Int] = [:]
    let text = try Command(tool, [path.path]).run(within: 600).text
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3 { places[words[2]] = Int(words[0], radix: 16) }
    }
    let parts: [(Substring, Substring)] = [
      ("_start", "image_text_end"),
      ("image_constants_start", "init_table_end"),
      ("image_data_start", "bss_start"),
    ]
    return try parts.reduce(0) { sum, part in
      try sum + #require(places[part.1]) - #require(places[part.0])
    }
  }

  @Test func `the smallest image is small`() throws {
    let size = try size(of: "hello")
    #expect(size <= 8192, "hello has \(size) bytes")
  }
}
