// The first line of the program below runs as soon as the kernel has started;
// after the last one the machine is switched off.

import Boot
import Console

/// The words after `make run ARGS=`.
func printArguments() {
  var arguments = Board.arguments
  while let argument = arguments.next() {
    print("argument  \(argument)")
  }
}

print("Application runs, with nothing below it but the firmware.")
printArguments()
