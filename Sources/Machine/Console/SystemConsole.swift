// SPDX-License-Identifier: BSD-3-Clause

/// The one console that `print` and the panic write to.
///
///     print("…") ─▶ SystemConsole ─▶ SBIConsole, until the program
///                                    chooses another device
///
/// May be used from an interrupt; what is written there may land in the middle
/// of a line of the interrupted code.
public struct SystemConsole: ByteDevice {
  /// Writes a byte to, and reads one from, the device chosen by the program.
  /// A read gives -1 when no byte is waiting.
  public struct Driver: Sendable {
    let write: @convention(c) (UInt8) -> Void
    let read: @convention(c) () -> Int32

    /// A driver made of two functions that find their device by themselves.
    public init(
      write: @escaping @convention(c) (UInt8) -> Void,
      read: @escaping @convention(c) () -> Int32
    ) {
      self.write = write
      self.read = read
    }
  }

  // Written when a program starts or chooses a device, by one hart.
  private nonisolated(unsafe) static var driver: Driver?
  private nonisolated(unsafe) static var firmware: SBIConsole?

  /// The system's console.
  public init() {}

  /// From now on, sends all text to `driver`, and takes input from it.
  public static func use(_ driver: Driver) { unsafe self.driver = driver }

  @inline(never)
  public mutating func write(_ byte: UInt8) {
    if let driver = unsafe Self.driver { return driver.write(byte) }
    var console = Self.firmwareConsole()
    console.write(byte)
  }

  public mutating func read() -> UInt8? {
    if let driver = unsafe Self.driver {
      return UInt8(exactly: driver.read())
    }
    var console = Self.firmwareConsole()
    return console.read()
  }

  private static func firmwareConsole() -> SBIConsole {
    if let console = unsafe firmware { return console }
    let console = SBIConsole()
    unsafe firmware = console
    return console
  }
}
