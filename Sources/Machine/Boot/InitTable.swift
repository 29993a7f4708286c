// SPDX-License-Identifier: BSD-3-Clause

/// A library's part in starting and stopping the system.
///
/// A library that must do something before the program runs puts an entry into
/// the init table, and so does a program. There is no list of the entries: the
/// linker collects them from all that is in the image, sorted by the name of
/// their section:
///
///     enum Startup {
///       @section(".init_table.3.50") @used
///       static let entry: InitEntry = (start: { … }, stop: { … })
///     }
///
/// The name ends in a class and, within the class, a priority of two digits.
/// Classes start in this order, and stop in the reverse order:
///
///     1  traps and clocks       3  devices and their drivers
///     2  memory                 4  services        5  the program
///
/// (An entry must be a static member of a type: a global one would be put into
/// every module that imports it.)
public typealias InitEntry = (
  start: @convention(c) () -> Void, stop: @convention(c) () -> Void
)

/// Which entries of the table have run: they start in order and stop in
/// reverse.
struct InitSequence {
  private var started = 0

  /// The position of the next entry to start, or nil after the last of
  /// `count`. From now on it counts as started, so that an entry that ends the
  /// program is stopped as well.
  mutating func nextToStart(of count: Int) -> Int? {
    guard started < count else { return nil }
    started += 1
    return started - 1
  }

  /// The position of the next entry to stop, or nil when none is left. No
  /// entry is stopped twice, even if one ends the program while it stops.
  mutating func nextToStop() -> Int? {
    guard started > 0 else { return nil }
    started -= 1
    return started
  }
}

#if arch(riscv64)
  import CHart

  /// The table that the linker has collected in this image.
  enum InitTable {
    // Touched by the boot hart only.
    private nonisolated(unsafe) static var sequence = InitSequence()

    private static var entries: UnsafeBufferPointer<InitEntry> {
      let start = UInt(init_table_start_address())
      let size = UInt(init_table_end_address()) - start
      return unsafe UnsafeBufferPointer(
        start: UnsafePointer(bitPattern: start),
        count: Int(size) / MemoryLayout<InitEntry>.stride)
    }

    static func start() {
      let entries = unsafe entries
      while let position = unsafe sequence.nextToStart(of: entries.count) {
        unsafe entries[position].start()
      }
    }

    static func stop() {
      let entries = unsafe entries
      while let position = unsafe sequence.nextToStop() {
        unsafe entries[position].stop()
      }
    }
  }
#endif
