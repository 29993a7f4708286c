// SPDX-License-Identifier: BSD-3-Clause

#if TRACE
  import Boot
  import CHart
  import Console
  import Hart

  /// One line of the trace.
  struct TraceLine {
    var ticks: UInt64
    var event: TraceEvent
    var thread: Int
    var priority: UInt8 = 0
    /// A name, or what is waited for.
    var text: StaticString = ""
  }

  /// All that was written down so far. When there is no room left, what comes
  /// later is only counted: the beginning explains the rest.
  enum Trace {
    #if arch(riscv64)
      static let capacity = 16_384

      // Changed with interrupts off.
      nonisolated(unsafe) static var lines: UnsafeMutablePointer<TraceLine>?
      nonisolated(unsafe) static var count = 0
      nonisolated(unsafe) static var lost = 0
    #endif

    static func begin(_ policy: StaticString, _ first: ThreadReference) {
      #if arch(riscv64)
        if unsafe lines == nil {
          let size = capacity * MemoryLayout<TraceLine>.stride
          unsafe lines = malloc(size)?.bindMemory(
            to: TraceLine.self, capacity: capacity)
        }
      #endif
      add(.begin, 0, policy)
      add(.spawn, first)
      add(.run, first)
    }

    static func end() { add(.end, 0) }

    static func addIdle() { add(.run, 0) }

    static func add(_ event: TraceEvent, _ thread: ThreadReference) {
      let record = thread.record
      switch event {
      case .spawn:
        add(event, record.number, record.name, record.priority.level)
      case .block: add(event, record.number, thread.awaited.kind)
      default: add(event, record.number)
      }
    }

    static func add(interrupt: StaticString) { add(.interrupt, 0, interrupt) }

    private static func add(
      _ event: TraceEvent, _ thread: Int, _ text: StaticString = "",
      _ priority: UInt8 = 0
    ) {
      let line = TraceLine(
        ticks: Hart.time, event: event, thread: thread, priority: priority,
        text: text)
      #if arch(riscv64)
        guard let lines = unsafe lines, unsafe count < capacity else {
          unsafe lost += 1
          return
        }
        unsafe (lines + count).initialize(to: line)
        unsafe count += 1
      #else
        TraceRecording.current?.lines.append(line)
      #endif
    }
  }

  #if arch(riscv64)
    /// At the end of the program, prints the trace for `swiftkraft trace`.
    enum TraceStartup {
      @section(".init_table.4.90") @used
      static let entry: InitEntry = (
        start: { return }, stop: { TraceStartup.stop() }
      )

      static func stop() {
        let second = SchedulingClock.ticks(nanoseconds: 1_000_000_000)
        // The program may have left its last line open.
        print("\ntrace frequency \(second)")
        guard let lines = unsafe Trace.lines else { return }
        for index in 0..<(unsafe Trace.count) {
          put("trace \(Hart.id) ")
          unsafe lines[index].print()
        }
        print("trace lost \(unsafe Trace.lost)")
        print("trace complete")
      }
    }

    extension TraceLine {
      func print() {
        put("\(ticks) ")
        switch event {
        case .begin: put("begin \(text)")
        case .spawn: put("spawn \(thread) \(Int(priority)) \(text)")
        case .run: put("run \(thread)")
        case .wake: put("wake \(thread)")
        case .block: put("block \(thread) \(text)")
        case .preempt: put("preempt \(thread)")
        case .exit: put("exit \(thread)")
        case .interrupt: put("interrupt \(text)")
        case .end: put("end")
        }
        Console.print()
      }
    }
  #else
    /// What a test has written down: several may run at the same time, each
    /// with a hart of its own.
    final class TraceRecording: @unchecked Sendable {
      @TaskLocal static var current: TraceRecording?
      var lines: [TraceLine] = []
    }
  #endif
#endif
