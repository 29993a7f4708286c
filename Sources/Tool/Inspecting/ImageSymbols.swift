// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// The names in an image and their addresses, as llvm-nm prints them:
///
///     0000000080200000 T _start
package struct ImageSymbols {
  private let addresses: [String: UInt64]

  /// A line of any other form is skipped.
  package init(_ text: String) {
    var addresses: [String: UInt64] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      guard words.count == 3, let address = UInt64(words[0], radix: 16) else {
        continue
      }
      addresses[String(words[2])] = address
    }
    self.addresses = addresses
  }

  package subscript(_ name: String) -> UInt64? { addresses[name] }

  /// The parts of the image, as virt.ld places them. The names that are
  /// missing, or stand in another order, name nothing.
  package var places: [MemoryArea] {
    let parts = [
      ("code", "_start", "image_text_end"),
      ("constants", "image_constants_start", "image_data_start"),
      ("variables", "image_data_start", "image_stacks_start"),
      ("emergency stack", "emergency_stack_low", "emergency_stack_high"),
      ("boot stack", "boot_stack_low", "boot_stack_high"),
    ]
    return parts.compactMap { name, low, high in
      guard let low = self[low], let high = self[high], low < high else {
        return nil
      }
      return MemoryArea(
        range: AddressRange(first: low, last: high - 1).pages, name: name)
    }
  }
}

extension ImageSymbols {
  /// The names that an image defines.
  ///
  /// - Parameters:
  ///   - image: Where it lies.
  ///   - toolbox: Finds llvm-nm.
  /// - Throws: ``Diagnosis``, ``Failure`` or ``Interrupted``.
  package init(of image: URL, with toolbox: Toolbox) throws {
    guard FileManager.default.fileExists(atPath: image.path) else {
      throw Diagnosis.imageMissing(image)
    }
    let answer = try Command(
      toolbox.require(.symbolLister), ["--defined-only", image.path]
    ).run(within: 120)
    guard answer.succeeded else { throw Failure(answer.complaint) }
    self.init(answer.text)
  }
}
