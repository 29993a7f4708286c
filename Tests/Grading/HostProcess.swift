// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  #if canImport(Darwin)
    import Darwin
  #else
    import Glibc
  #endif

  /// What a grading program asks of the system that it runs on.
  enum HostProcess {
    /// Keeps an answer that asks for memory without end from taking all of
    /// the computer's, and one that crashes from filling its disk.
    static func limit() {
      let most: rlim_t = 4 << 30
      #if canImport(Darwin)
        set(RLIMIT_DATA, to: most)
        set(RLIMIT_CORE, to: 0)
      #else
        set(__rlimit_resource_t(RLIMIT_AS.rawValue), to: most)
        set(__rlimit_resource_t(RLIMIT_CORE.rawValue), to: 0)
      #endif
    }

    #if canImport(Darwin)
      typealias Resource = Int32
    #else
      typealias Resource = __rlimit_resource_t
    #endif

    private static func set(_ resource: Resource, to most: rlim_t) {
      var limit = rlimit(rlim_cur: most, rlim_max: most)
      // Where the system has no such limit, its own apply.
      _ = unsafe setrlimit(resource, &limit)
    }

    /// The key from the first line of the standard input. An answer that reads
    /// on finds its end.
    static func readKey() -> GradingKey? {
      var digits = KeyDigits()
      var byte: UInt8 = 0
      while !digits.areComplete, unsafe read(0, &byte, 1) == 1 {
        digits.take(byte)
      }
      return digits.key
    }
  }
#endif
