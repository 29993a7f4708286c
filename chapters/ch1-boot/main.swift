// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 1: the first program. When its first line runs, the firmware has
// handed over the hart, and the module Boot has prepared a stack. There is no
// heap yet: `print` writes its pieces one by one.

import Boot
import Console
import DeviceTree
import Hart
import SBI

/// Who runs below us, and what it can do for us.
func printFirmware() {
  do throws(SBIError) {
    let firmware = try SBI.implementation()
    let version = try SBI.implementationVersion()
    let specification = try SBI.specificationVersion()
    print(
      """
      firmware  \(firmware.name) \(version >> 16).\(version & 0xFFFF), \
      SBI \(specification.major).\(specification.minor)
      """)
  } catch {
    print("firmware  too old to say what it is")
  }
}

/// Where the linker script and the firmware have put us.
func printImage() {
  let image = Image.running
  print("code      \(image.text)")
  print("constants \(image.constants)")
  print("variables \(image.variables)")
  print("stack     \(image.bootStack)")
}

/// The words after `make run-ch1 ARGS=`.
func printArguments() {
  var arguments = Board.arguments
  while let argument = arguments.next() {
    print("argument  \(argument)")
  }
}

print("Swiftkraft, chapter 1: Boot")
print()
print("hart      \(Hart.id), in S-mode")
printFirmware()
printImage()
printArguments()
print()

let status = Board.arguments.integer("status") ?? 0
print("Goodbye with status \(status).")
exit(status)
