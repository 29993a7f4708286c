// SPDX-License-Identifier: BSD-3-Clause

import Console
import Grading
import Hart

/// A serial port in a few variables, for the host and for the board.
///
/// `RecordingBus` needs a heap. This bus keeps one port for the whole program:
/// a check sets its `state`, lets the exercise act, and looks at it again.
@safe
struct SimulatedPort: RegisterBus {
  struct State {
    /// What was sent.
    var sent = CapturedText()
    /// How many looks the port is busy for, before each byte.
    var busyFor = 0
    /// How often the line status was looked at since the last byte.
    var looks = 0
    /// How often it was looked at in all.
    var allLooks = 0
    /// Bits of the line status that say nothing of sending or arrival.
    var otherBits: UInt8 = 0
    /// The byte that has arrived.
    var arrived: UInt8?
    /// Bytes that were sent while the port was busy, or without a look.
    var overruns = 0
    /// How often the data register was read though nothing had arrived.
    var emptyReads = 0
    /// Accesses to other registers.
    var strayAccesses = 0
  }

  // Used by one check at a time.
  private nonisolated(unsafe) static var port = State()

  var state: State {
    get { unsafe Self.port }
    nonmutating set { unsafe Self.port = newValue }
  }

  /// A port in its first state, with these properties.
  init(busyFor looks: Int = 0, arrived: UInt8? = nil, otherBits: UInt8 = 0) {
    state = State(
      busyFor: looks, otherBits: otherBits & 0b1101_1110, arrived: arrived)
  }

  func load8(at offset: Int) -> UInt8 {
    switch offset {
    case 0:
      defer { state.arrived = nil }
      if state.arrived == nil { state.emptyReads += 1 }
      return state.arrived ?? 0
    case 5:
      state.looks += 1
      state.allLooks += 1
      let isReady = state.looks > state.busyFor
      return (isReady ? 1 << 5 : 0) | (state.arrived == nil ? 0 : 1)
        | state.otherBits
    default:
      state.strayAccesses += 1
      return 0
    }
  }

  func store8(_ value: UInt8, at offset: Int) {
    guard offset == 0 else { return state.strayAccesses += 1 }
    if state.looks <= state.busyFor { state.overruns += 1 }
    state.sent.write(value)
    state.looks = 0
  }

  func load32(at offset: Int) -> UInt32 {
    state.strayAccesses += 1
    return 0
  }

  func store32(_ value: UInt32, at offset: Int) { state.strayAccesses += 1 }
}
