// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel's frames and address space on a real hart: what the host tests
// can only simulate.

import Boot
import Console
import DeviceTree
import Hart
import Paging

func check(_ condition: Bool, _ what: StaticString) {
  guard condition else { panic("\(what): not so") }
  print("\(what)")
}

let memory = unsafe IdentityMemory()
let free = KernelMemory.freeFrames
var place: UInt64 { 0x20_0000_0000 }

/// A frame at two addresses.
func checkAliases() throws(MappingError) {
  guard let frames = try? OwnedFrames(count: 3) else { return }
  try KernelMemory.map(place, to: frames.run, .readWrite)
  memory.store(0x1234, at: place + 4096)
  check(
    memory.load(frames.run.first.address + 4096) == 0x1234,
    "a frame is seen at both of its addresses")
  try KernelMemory.protect(place, size: 4096, .readOnly)
  check(
    KernelMemory.translate(place)?.protection == .readOnly
      && KernelMemory.translate(place + 4096)?.protection == .readWrite,
    "a page is protected, its neighbour is not")
  try KernelMemory.unmap(place, size: 3 * 4096)
  check(KernelMemory.translate(place) == nil, "what is unmapped is gone")
}

/// A space of its own, used and left again.
func checkOwnSpace() throws(MappingError) {
  guard
    var space = try? AddressSpace<Sv39, KernelTables>(
      tables: KernelTables(), hasMemoryTypes: false)
  else { return }
  let start = Image.running.all.lowerBound & ~0x1F_FFFF
  try space.map(start, to: start, size: 0x20_0000, .readExecute)
  try space.map(place, to: start, size: 0x40_0000, .readOnly)
  check(KernelMemory.freeFrames < free, "a space takes frames for its tables")
}

func checkDevices(_ tree: DeviceTree) throws(MappingError) {
  guard let port = try? tree.serialPort(),
    let memory = Region(start: Image.running.all.upperBound, size: 4096)
  else { return }
  let bus = try KernelMemory.device(port.region)
  check(bus.load8(at: 5) & 0x20 != 0, "a device's registers can be read")
  _ = try KernelMemory.device(port.region)
  var refused = false
  do throws(MappingError) {
    _ = try KernelMemory.device(memory)
  } catch {
    refused = error == .isMemory
  }
  check(refused, "memory is no device")
}

/// Takes all frames that there are, one by one, and gives them back.
func checkExhaustion() {
  var taken: UInt64 = 0
  var last: UInt64 = 0
  while let run = try? KernelMemory.allocate() {
    // The frames themselves keep the list.
    memory.store(last, at: run.first.address)
    last = run.first.address
    taken += 1
  }
  check(KernelMemory.freeFrames == 0, "every frame can be taken")
  while last != 0 {
    let next = memory.load(last)
    KernelMemory.release(FrameRun(Frame(holding: last)))
    last = next
  }
  check(KernelMemory.freeFrames == taken, "and comes back")
}

/// Whether a call is refused for want of an address space.
func lacksSpace(_ body: () throws(MappingError) -> Void) -> Bool {
  do throws(MappingError) {
    try body()
    return false
  } catch { return error == .noAddressSpace }
}

/// Runs before the kernel has an address space.
func callTooEarly() {
  let map = lacksSpace { () throws(MappingError) in
    try KernelMemory.map(place, to: FrameRun(Frame(number: 1)), .readOnly)
  }
  let unmap = lacksSpace { () throws(MappingError) in
    try KernelMemory.unmap(place, size: 4096)
  }
  let protect = lacksSpace { () throws(MappingError) in
    try KernelMemory.protect(place, size: 4096, .readOnly)
  }
  unsafe EarlyStartup.isRefused = map && unmap && protect
}

enum EarlyStartup {
  // A variable of the program itself would be set anew when that starts.
  nonisolated(unsafe) static var isRefused = false

  @section(".init_table.2.05") @used
  static let entry: InitEntry = (
    start: { callTooEarly() }, stop: { return }
  )
}

check(
  unsafe EarlyStartup.isRefused, "nothing is mapped before there is a space")
do throws(MappingError) {
  try checkAliases()
  try checkOwnSpace()
  check(KernelMemory.freeFrames == free, "all frames and tables are back")
  if let tree = Board.deviceTree { try checkDevices(tree) }
} catch {
  panic("\(error.description)")
}
checkExhaustion()
print("done")
