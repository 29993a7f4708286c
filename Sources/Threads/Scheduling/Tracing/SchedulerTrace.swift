// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What a scheduler records for a drawing of it.
///
/// In an image it is there only when it was asked for, as `make trace-ch5`
/// does; otherwise each call below is nothing at all.
enum TraceEvent: UInt8 {
  case begin
  case spawn
  case run
  case wake
  case block
  case preempt
  case exit
  case interrupt
  case end
}

extension Dispatcher {
  @inline(__always)
  func record(_ event: TraceEvent, _ thread: ThreadReference) {
    #if TRACE
      Trace.add(event, thread)
    #endif
  }

  @inline(__always)
  func recordIdle() {
    #if TRACE
      Trace.addIdle()
    #endif
  }

  @inline(__always)
  func recordInterrupt(_ name: StaticString) {
    #if TRACE
      Trace.add(interrupt: name)
    #endif
  }

  @inline(__always)
  func beginTrace(_ policy: StaticString, _ first: ThreadReference) {
    #if TRACE
      Trace.begin(policy, first)
    #endif
  }

  @inline(__always)
  func endTrace() {
    #if TRACE
      Trace.end()
    #endif
  }

  /// Notes that a device has interrupted, where a scheduler runs that is
  /// traced. May be called from an interrupt, which is the place for it.
  @inline(__always)
  public static func noteDeviceInterrupt() {
    #if TRACE
      if Hart.scheduler != 0 { with { $0.recordInterrupt("external") } }
    #endif
  }
}
