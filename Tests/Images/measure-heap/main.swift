// SPDX-License-Identifier: BSD-3-Clause
//
// What the heap costs, in instructions. Exact under -icount: the same on
// every machine.

import Allocation
import Boot
import CHart
import Console
import Hart

/// Memory for one allocator: 2 MiB that nobody else uses.
func memory() -> FreeMemory {
  guard let memory = FrameMemory().memory(atLeast: 2 << 20) else {
    panic("there is too little memory to measure with")
  }
  return memory
}

/// Instructions of calls that were measured one by one.
struct Cost {
  var calls: UInt64 = 0
  var sum: UInt64 = 0
  var longest: UInt64 = 0

  @inline(__always)
  mutating func add(_ instructions: UInt64) {
    calls += 1
    sum &+= instructions
    longest = max(longest, instructions)
  }

  var average: UInt64 { calls == 0 ? 0 : (sum + calls / 2) / calls }
}

/// Reading the counter twice: what a measured call costs if it does nothing.
let reading: UInt64 = {
  let start = Hart.instructionsRetired
  return Hart.instructionsRetired &- start
}()

@inline(__always)
func measured<Result>(_ cost: inout Cost, _ body: () -> Result) -> Result {
  let start = Hart.instructionsRetired
  let result = body()
  cost.add(Hart.instructionsRetired &- start &- reading)
  return result
}

// MARK: - C's functions

// Without these, the compiler would see that nobody uses the blocks.
nonisolated(unsafe) var sink: UnsafeMutableRawPointer?
nonisolated(unsafe) var otherSink: UnsafeMutableRawPointer?

/// What one pair of calls costs. A loop with two of them, less a loop with one:
/// the cost of the loop itself drops out.
@inline(never)
func pairs(of size: Int) -> UInt64 {
  let count: UInt64 = 1000
  for _ in 0..<10 {
    unsafe sink = malloc(size)
    unsafe free(sink)
  }
  let start = Hart.instructionsRetired
  for _ in 0..<count {
    unsafe sink = malloc(size)
    unsafe free(sink)
  }
  let middle = Hart.instructionsRetired
  for _ in 0..<count {
    unsafe sink = malloc(size)
    unsafe free(sink)
    unsafe otherSink = malloc(size)
    unsafe free(otherSink)
  }
  let end = Hart.instructionsRetired
  return ((end &- middle) &- (middle &- start)) / count
}

// MARK: - Random traces

/// Numbers that look random: xorshift, which needs no multiplication.
struct Random {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func next(below bound: UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return (state >> 16) % bound
  }
}

/// What stands between a trace and the allocator that it is run on.
protocol Subject: ~Copyable {
  mutating func allocate(_ size: UInt64, _ alignment: UInt64) -> UInt64
  mutating func release(_ address: UInt64)
}

struct Runtime: Subject {
  @inline(never)
  func allocate(_ size: UInt64, _ alignment: UInt64) -> UInt64 {
    heap_allocate(size, alignment)
  }

  @inline(never)
  func release(_ address: UInt64) { unsafe heap_release(address) }
}

struct Bare<A: Allocator & ~Copyable>: Subject, ~Copyable {
  var allocator: A

  @inline(never)
  mutating func allocate(_ size: UInt64, _ alignment: UInt64) -> UInt64 {
    allocator.allocateAtOnce(size: size, alignment: alignment)
      ?? allocator.allocate(size: size, alignment: alignment) ?? 0
  }

  @inline(never)
  mutating func release(_ address: UInt64) {
    if !allocator.releaseAtOnce(address) { allocator.release(address) }
  }
}

/// Allocates and releases in turn, in one of 256 places chosen at random, and
/// shows the subject at its end before all places are released.
func trace<S: Subject & ~Copyable>(
  _ subject: inout S, count: Int, size: (inout Random) -> (UInt64, UInt64),
  atEnd: (borrowing S) -> Void = { _ in }
) -> (allocations: Cost, releases: Cost) {
  var random = Random()
  var places = InlineArray<256, UInt64>(repeating: 0)
  var (allocations, releases) = (Cost(), Cost())
  for _ in 0..<count {
    let place = Int(random.next(below: 256))
    if places[place] == 0 {
      let (size, alignment) = size(&random)
      places[place] = measured(&allocations) {
        subject.allocate(size, alignment)
      }
    } else {
      measured(&releases) { subject.release(places[place]) }
      places[place] = 0
    }
  }
  atEnd(subject)
  for place in 0..<256 where places[place] != 0 {
    subject.release(places[place])
  }
  return (allocations, releases)
}

func small(_ random: inout Random) -> (UInt64, UInt64) {
  (16 + random.next(below: 500), 16)
}

/// All sizes up to 64 KiB, every doubling as often as the others, and now and
/// then an alignment.
func any(_ random: inout Random) -> (UInt64, UInt64) {
  let size = 1 + random.next(below: 16 << random.next(below: 13))
  let alignment: UInt64 =
    random.next(below: 16) == 0 ? 32 << random.next(below: 8) : 16
  return (size, alignment)
}

@inline(never)
func row<A: Allocator & ~Copyable>(
  _ name: StaticString, _ allocator: consuming A
) {
  allocator.add(memory())
  var subject = Bare(allocator: allocator)
  var rest = Statistics()
  let (allocations, releases) = trace(&subject, count: 100_000, size: small) {
    rest = $0.allocator.statistics
  }
  print(
    """
    \(name): allocate \(allocations.average), longest \
    \(allocations.longest); release \(releases.average), longest \
    \(releases.longest); peak \(rest.peakBytesInUse), failures \
    \(rest.failures), fragmentation \(rest.fragmentation)
    """)
}

@inline(never)
func measureDefaultHeap() {
  print("malloc + free, 64 B: \(pairs(of: 64))")
  print("malloc + free, 4096 B: \(pairs(of: 4096))")
  var runtime = Runtime()
  let (allocations, releases) = trace(&runtime, count: 100_000, size: small)
  let calls = allocations.calls + releases.calls
  let sum = allocations.sum + releases.sum
  print("mixed, 16 to 515 B, per call: \(sum / calls)")
  worst("default heap", &runtime)
}

@inline(never)
func worst<S: Subject & ~Copyable>(_ name: StaticString, _ subject: inout S) {
  let (allocations, releases) = trace(
    &subject, count: 1_000_000, size: any)
  print(
    """
    \(name), 1000000 calls: allocate \(allocations.average), longest \
    \(allocations.longest); release \(releases.average), longest \
    \(releases.longest)
    """)
}

@inline(never)
func measureTLSF() {
  var bare = Bare(allocator: TLSFAllocator())
  bare.allocator.add(memory())
  worst("TLSF alone", &bare)
}

DefaultHeap.add(memory())
measureDefaultHeap()
measureTLSF()
row("region", RegionAllocator())
row("buddy", BuddyAllocator())
row("pool", PoolAllocator<528>())
row("TLSF", TLSFAllocator())
row("quick lists + TLSF", QuickLists<TLSFAllocator>())
