// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Turns addresses into functions, files and lines, with the debugging
/// information of the image.
struct Symbolizer {
  let toolbox: Toolbox
  let image: URL

  /// - Parameter backtrace: The place of the hart, then return addresses.
  /// - Returns: As many calls; without frames where nothing is known.
  func calls(_ backtrace: [UInt64]) -> [Call] {
    // A return address may already belong to the next line.
    let places = backtrace.enumerated()
      .map { number, address in number == 0 ? address : address &- 1 }
    let answers = (try? answers(for: places)) ?? []
    return backtrace.enumerated().map { number, address in
      let frames = number < answers.count ? answers[number].frames : []
      return Call(address: address, frames: frames)
    }
  }

  private func answers(for places: [UInt64]) throws -> [Record] {
    let tool = try toolbox.require(.symbolizer)
    let answer = try Command(
      tool,
      ["--obj=\(image.path)", "--output-style=JSON"]
        + places.map { "0x" + String($0, radix: 16) }
    ).run(within: 120)
    return try demangle(
      JSONDecoder().decode([Record].self, from: answer.output))
  }

  /// The image holds linkage names such as `$e4main4pickyS2iF`.
  private func demangle(_ records: [Record]) throws -> [Record] {
    let names = records.flatMap { $0.symbols ?? [] }.map(\.function)
      .filter { $0.hasPrefix("$") }
    guard !names.isEmpty, let swift = toolbox.find(.swift) else {
      return records
    }
    let answer = try Command(swift, ["demangle", "--simplified"])
      .run(input: names.joined(separator: "\n") + "\n", within: 120)
    let plain = answer.text.split(separator: "\n").map(String.init)
    let words = Dictionary(zip(names, plain)) { first, _ in first }
    return records.map { $0.renamed(words) }
  }
}

/// What llvm-symbolizer says about one address.
private struct Record: Decodable {
  struct Symbol: Decodable {
    var function: String
    let file: String
    let line: Int

    private enum CodingKeys: String, CodingKey {
      case function = "FunctionName"
      case file = "FileName"
      case line = "Line"
    }
  }

  var symbols: [Symbol]?

  private enum CodingKeys: String, CodingKey {
    case symbols = "Symbol"
  }

  var frames: [Call.Frame] {
    (symbols ?? []).filter { !$0.function.isEmpty }.map { symbol in
      let isMade = symbol.file.isEmpty || symbol.file.hasSuffix("generated>")
      return Call.Frame(
        function: symbol.function, file: isMade ? nil : symbol.file,
        line: symbol.line)
    }
  }

  func renamed(_ words: [String: String]) -> Record {
    var record = self
    record.symbols = symbols?.map { symbol in
      var symbol = symbol
      symbol.function = words[symbol.function] ?? symbol.function
      return symbol
    }
    return record
  }
}
