// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// All commands of the tool, and the program that performs each.
///
///     swiftkraft grade 1.1 ─▶ swiftkraft-grade grade 1.1
///
/// `swiftkraft` itself builds and boots images. The rest are programs of their
/// own beside it, so that the first boot does not wait for them to be compiled.
package enum CommandList {
  /// What each command is called with, and does, beside its program's name.
  static let usages = [
    ("", "run [NAME] [--arguments …] [--timeout S] boot an image"),
    ("", "expect NAME [--status N] … < TEXT       boot and compare"),
    ("", "debug [NAME] [--command C]…             attach gdb"),
    ("inspect", "inspect [NAME] [--timeout S]            its address space"),
    ("trace", "trace [NAME] [--out FOLDER]             threads, drawn"),
    ("", "build [NAME…]                           only build"),
    ("", "new FOLDER [--url U --version V]        an application"),
    ("", "disk NAME [--out FILE]                  its disk, anew"),
    ("", "doctor                                  check the tools"),
    ("", "chapters                                list them"),
    ("", "table chapters|libraries|exercises      for scripts"),
    ("", "qemu-command NAME [--virtual-time]      for scripts"),
    ("bench", "bench [--tighten | --rows]              what it costs"),
    ("publish", "branches                                write ch1 … chN"),
    ("grade", "grade [chN | N.M]… [--strict] [--out D]  grade exercises"),
    ("grade", "hint N.M [--step K]                     the next hint"),
    ("grade", "reset N.M [--yes]                       begin again"),
    ("grade", "solution N.M                            compare answers"),
    ("grade", "watch N.M                               grade on save"),
    ("publish", "handout --out D                         for a class"),
    ("publish", "classroom                               for GitHub"),
  ]

  /// Those that are about the course, wherever they are typed: from the folder
  /// of an application they would change a clone that nothing speaks of.
  static let ofClone: Set = [
    "bench", "branches", "grade", "hint", "reset", "solution", "watch",
    "handout", "classroom", "disk",
  ]

  /// The part of the tool that performs a command: `grade` for `hint`, an empty
  /// word for `run`.
  ///
  /// - Parameter command: As typed.
  /// - Returns: Nil if there is no such command.
  package static func part(of command: String) -> String? {
    usages.first { $0.1.prefix { $0 != " " } == command }?.0
  }

  /// Hands over to the program that performs a command, in this one's place.
  ///
  /// - Throws: ``Failure`` if that program is not built.
  static func handOver(to part: String, _ arguments: [String]) throws -> Never {
    let here = Bundle.main.executableURL?.resolvingSymlinksInPath()
    let folder = here?.deletingLastPathComponent().path ?? ""
    let path = "\(folder)/swiftkraft-\(part)"
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    // Comes back only if it cannot start.
    _ = unsafe execv(path, &words)
    throw Failure(
      "The part of the tool that knows `\(arguments[0])` is not built.",
      advice: "In Swiftkraft's folder: make tool-\(part)")
  }
}
