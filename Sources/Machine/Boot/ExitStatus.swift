// SPDX-License-Identifier: BSD-3-Clause

/// How a run ended, as a number that QEMU hands on as its own exit status.
///
/// 0 is success. A process has only eight bits for it.
public enum ExitStatus {
  /// The program panicked.
  public static let panic = 70
  /// A panic failed while it was explaining itself.
  public static let panicInPanic = 71

  /// `status` as a number from 0 to 255, of which 0 still means success and
  /// nothing else: what does not fit becomes 255.
  public static func byte(_ status: Int) -> UInt8 {
    UInt8(exactly: status) ?? 255
  }

  /// The word to store into the `sifive_test` device to end QEMU with
  /// `status` (QEMU, hw/misc/sifive_test.c: the low half is the command, the
  /// high half the status).
  static func powerWord(_ status: Int) -> UInt32 {
    let byte = byte(status)
    return byte == 0 ? 0x5555 : UInt32(byte) << 16 | 0x3333
  }
}
