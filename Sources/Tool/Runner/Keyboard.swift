// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// While one lives, the terminal hands on each key at once and does not show
/// it: that is the kernel's business. Ctrl-C still works.
final class Keyboard {
  private let before: termios

  /// Whether standard input may be read. The system halts a program in the
  /// background (`swiftkraft run ch1 &`) that reads its terminal or sets it.
  static var mayRead: Bool {
    isatty(STDIN_FILENO) != 1 || tcgetpgrp(STDIN_FILENO) == getpgrp()
  }

  /// Nil if there is no terminal to type at.
  init?() {
    var settings = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    before = settings
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    // The kernel is sent what the Return key sends.
    settings.c_iflag &= ~tcflag_t(ICRNL)
    Self.set(settings)
  }

  deinit { Self.set(before) }

  private static func set(_ settings: termios) {
    var settings = settings
    _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }
}
