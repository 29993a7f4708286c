// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  import Console

  #if canImport(Darwin)
    import Darwin
  #else
    import Glibc
  #endif

  /// The standard output of a program on the host. Nothing is kept back: what
  /// was written is there even if the next line traps.
  public struct StandardOutput: TextOutput {
    /// The standard output.
    public init() {}

    public mutating func write(_ byte: UInt8) {
      var byte = byte
      // What cannot be written has nowhere to be reported.
      _ = unsafe write(1, &byte, 1)
    }

    private func write(
      _ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int
    ) -> Int {
      #if canImport(Darwin)
        unsafe Darwin.write(file, bytes, count)
      #else
        unsafe Glibc.write(file, bytes, count)
      #endif
    }
  }
#endif
