// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: prints all that the grader looks for, and does nothing of
// it. It knows the key, as every program does, but not what to do with it.

import Boot
import Console
import Hart

func pretend(_ exercise: ByteView, _ key: ByteView) {
  let digest = key[0..<16]
  print("[grade] \(exercise) begin 3 \(digest)")
  for number in 1...3 {
    print("[grade] \(exercise) check \(number) try everything works")
    put("[grade] \(exercise) check \(number) pass ")
    print("\(digest) everything works")
  }
  print("[grade] \(exercise) end")
}

if let exercise = Board.arguments.value(of: "exercise"),
  let key = Board.arguments.value(of: "key")
{
  pretend(exercise, key)
}
