// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// A board to boot, as QEMU's command line describes it.
///
/// There is no network: what a program may reach, it is given.
public struct Machine: Sendable {
  /// The program to boot.
  public var image: URL
  /// The words that the kernel finds in the device tree.
  public var arguments = ""
  /// As QEMU writes it.
  public var memory = "128M"
  /// How many hardware threads.
  public var harts = 1
  /// Counts one nanosecond for each instruction, so that a program takes the
  /// same time on every computer; needs a single hart.
  public var hasVirtualTime = false
  /// What is attached, in the order in which programs find it; at most
  /// ``Disk/most``.
  public var disks: [Disk] = []
  /// Passed to QEMU as they are.
  public var options: [String] = []
  /// Where a debugger will connect; the machine then waits for it.
  public var debuggerSocket: URL?

  /// - Parameter image: The program to boot.
  public init(image: URL) { self.image = image }

  /// The arguments for `qemu-system-riscv64`.
  ///
  /// The console and QEMU's own monitor share standard input and output;
  /// Ctrl-A c changes from one to the other.
  var commandLine: [String] {
    var line =
      board + [
        "-chardev", "stdio,id=console,mux=on,signal=off",
        "-serial", "chardev:console", "-mon", "chardev=console,mode=readline",
      ] + program + virtualTime
    if let debuggerSocket {
      line += ["-S", "-gdb", "unix:\(debuggerSocket.path),server=on,wait=off"]
    }
    return line + options
  }

  /// The same for a machine that waits for a debugger which speaks through
  /// standard input and output. Once such a machine has been halted, QEMU 7.2
  /// no longer comes to an end of `sleep=off`.
  ///
  /// - Parameter log: Where what the program prints goes.
  /// - Returns: The arguments.
  package func commandLine(printingTo log: URL) -> [String] {
    board + [
      "-serial", "file:\(log.path)", "-monitor", "none", "-S", "-gdb", "stdio",
    ] + program + icount("shift=0") + options
  }

  /// The arguments for a script, which adds where the serial port leads to. The
  /// machine has no monitor.
  public var commandLineWithoutConsole: [String] {
    board + ["-monitor", "none"] + program + virtualTime + options
  }

  private var virtualTime: [String] {
    icount("shift=0,sleep=\(disks.isEmpty ? "off" : "on")")
  }

  /// The image of the disk that QEMU calls `id`, or `id` itself for a disk that
  /// the ``options`` attach.
  func path(ofDisk id: String) -> String {
    disks.indices.first { Disk.id($0) == id }.map { disks[$0].image.path } ?? id
  }

  private var board: [String] {
    [
      "-machine", "virt", "-m", memory, "-smp", "\(harts)",
      "-display", "none", "-nic", "none",
    ]
  }

  private var program: [String] {
    var line = ["-kernel", image.path]
    if !arguments.isEmpty { line += ["-append", arguments] }
    return line + disks.enumerated().flatMap { $1.commandLine(number: $0) }
  }

  /// With `sleep=off`, the time in which the hart only waits is skipped. A
  /// disk is as slow as it is: while a hart waits for it, the next timer would
  /// always come first.
  private func icount(_ value: String) -> [String] {
    hasVirtualTime && harts == 1 ? ["-icount", value] : []
  }
}
