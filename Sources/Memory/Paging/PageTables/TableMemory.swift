// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Where page tables live: frames for them, and the way to their entries.
///
/// On the board the kernel's frames; in a test a simulated memory that counts
/// what is handed out.
public protocol TableMemory: WordMemory {
  /// A frame for a table, which no one else uses.
  ///
  /// - Throws: `outOfFrames`.
  func allocateTable() throws(FrameError) -> Frame

  /// Takes a table's frame back.
  func releaseTable(_ frame: Frame)

  /// Makes all 512 entries of a table mean nothing.
  func clearTable(_ frame: Frame)
}
