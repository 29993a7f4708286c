// SPDX-License-Identifier: BSD-3-Clause

import Testing

/// Looks whether every element of an XML text ends where it should.
struct XMLChecker {
  private var open: [Substring] = []

  mutating func check(_ text: String) throws {
    for piece in text.split(separator: "<") {
      let tag = try #require(piece.split(separator: ">").first)
      let name = tag.prefix {
        $0 != " " && $0 != "/" || $0 == "/" && tag.first == "/"
      }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == name.dropFirst())
      } else if !tag.hasSuffix("/") {
        open.append(name)
      }
      #expect(tag.filter { $0 == "\"" }.count % 2 == 0)
      let words = piece.dropFirst(tag.count + 1)
      #expect(!words.replacing(/&(amp|lt|gt|quot);/, with: "").contains("&"))
    }
    #expect(open.isEmpty)
  }
}
