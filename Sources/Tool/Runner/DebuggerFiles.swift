// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// What gdb needs to know: an image that it can read, commands, a socket.
struct DebuggerFiles {
  /// Between gdb and QEMU.
  let socket: URL
  private let script: URL

  init(for image: URL, in folder: URL, with toolbox: Toolbox) throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: image.path) else {
      throw Diagnosis.imageMissing(image)
    }
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    let name = image.lastPathComponent
    let readable = folder.appending(path: "\(name).elf")
    // gdb 13 finds no Swift function if this index is there.
    let answer = try Command(
      toolbox.require(.objcopy),
      ["--remove-section=.debug_names", image.path, readable.path]
    ).run()
    guard answer.succeeded else { throw Failure(answer.complaint) }
    // The path of a socket may be no longer than about a hundred bytes.
    socket = manager.temporaryDirectory.appending(
      path: "swiftkraft-\(ProcessInfo.processInfo.processIdentifier).gdb")
    script = folder.appending(path: "\(name).gdb")
    try Self.commands(
      image: readable, socket: socket, swift: toolbox.require(.swift)
    ).write(to: script, atomically: true, encoding: .utf8)
  }

  func removeSocket() { try? FileManager.default.removeItem(at: socket) }

  /// With commands gdb ends after them; without, it asks for some.
  func arguments(batch: [String]) -> [String] {
    guard !batch.isEmpty else { return ["--quiet", "-x", script.path] }
    return ["--quiet", "-nx", "-batch", "-x", script.path]
      + (batch + ["end-machine"]).flatMap { ["-ex", $0] }
  }

  /// Connects, runs the firmware, stops at the kernel's first instruction.
  private static func commands(
    image: URL, socket: URL, swift: URL
  ) -> String {
    """
    set confirm off
    set pagination off
    set debuginfod enabled off
    file "\(image.path)"
    target remote \(socket.path)

    define hart
      printf "pc  0x%016lx   ", $pc
      info symbol $pc
      printf "sp  0x%016lx\\n", $sp
      printf "last trap: "
    \(causes)
      printf ", at 0x%016lx, value 0x%lx\\n", $sepc, $stval
      if $sstatus & 2
        printf "interrupts are on\\n"
      else
        printf "interrupts are off\\n"
      end
    end
    document hart
    Where this hart is, and the last trap that it took.
    end

    define frames
      pipe backtrace | "\(swift.path)" demangle --simplified
    end
    document frames
    The calls that led here, innermost first, with Swift's names.
    end

    define again
      monitor system_reset
      tbreak *0x80200000
      continue
    end
    document again
    Restarts the machine, and stops at the kernel's first instruction.
    end

    define end-machine
      if $_thread
        kill
      end
    end
    # Otherwise gdb lets the program go on when it ends itself.
    define hook-quit
      end-machine
    end

    tbreak *0x80200000
    continue
    printf "\\n"
    printf "Halted at the kernel's first instruction.\\n"
    printf "  break main.swift:LINE   stop at a line\\n"
    printf "  continue, next, step    go on; to the next line; into a call\\n"
    printf "  frames                  the calls that led here\\n"
    printf "  hart                    where the hart is, and its last trap\\n"
    printf "  again                   restart the machine\\n"
    printf "  quit                    end it\\n"

    """
  }

  /// gdb has no tables, so this is a chain of questions.
  ///
  /// The numbers stand in the privileged manual, "Supervisor Cause Register".
  private static var causes: String {
    let words: [(cause: String, words: String)] = [
      ("0x8000000000000001", "interrupt from another hart"),
      ("0x8000000000000005", "timer interrupt"),
      ("0x8000000000000009", "interrupt from a device"),
      ("0", "none, or an instruction at an odd address"),
      ("1", "instruction fetched from where none may lie"),
      ("2", "illegal instruction"),
      ("3", "breakpoint"),
      ("4", "load from a misaligned address"),
      ("5", "load from where nothing may be read"),
      ("6", "store to a misaligned address"),
      ("7", "store to where nothing may be written"),
      ("8", "call from user mode"),
      ("12", "page fault on an instruction"),
      ("13", "page fault on a load"),
      ("15", "page fault on a store"),
    ]
    return words.map { cause, words in
      """
        if $scause == \(cause)
          printf "\(words)"
        end
      """
    }.joined(separator: "\n")
  }
}
