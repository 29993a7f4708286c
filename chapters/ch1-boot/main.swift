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

// The student's answers, where the image is built with them:
// `make run-ch1 EXERCISES=mine`.
#if EXERCISE_1_1
  import Exercise_1_1
#endif
#if EXERCISE_1_2
  import Exercise_1_2

  nonisolated(unsafe) var port: PatientPort<MemoryMappedBus>?

  /// From now on the console is the serial port of exercise 1.2.
  func useOwnPort() {
    guard let place = try? Board.deviceTree?.serialPort() else { return }
    // The kernel alone drives the device: the firmware writes only when called.
    let bus = unsafe MemoryMappedBus(at: place.region.start)
    unsafe port = PatientPort(bus: bus, patience: 1_000_000)
    SystemConsole.use(
      .init(
        write: { unsafe port?.write($0) },
        read: { unsafe port?.read().map(Int32.init) ?? -1 }))
  }
#endif

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
  #if EXERCISE_1_1
    var console = SystemConsole()
    console.write("size      ")
    console.write(size: image.all.upperBound - image.all.lowerBound)
    console.write("\n")
  #endif
}

/// The words after `make run-ch1 ARGS=`.
func printArguments() {
  var arguments = Board.arguments
  while let argument = arguments.next() {
    print("argument  \(argument)")
  }
}

#if EXERCISE_1_2
  useOwnPort()
#endif
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
