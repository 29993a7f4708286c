// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  /// A bus for tests: registers that answer what the test has planned, and a
  /// log of every access.
  public final class RecordingBus: RegisterBus {
    /// One access to a register.
    public enum Access: Equatable, Sendable {
      case load(Int)
      case store(UInt64, at: Int)
    }

    /// Every access, in order.
    public private(set) var accesses: [Access] = []

    private var planned: [Int: [UInt64]] = [:]
    private var resting: [Int: UInt64] = [:]

    /// A bus whose registers all read 0.
    public init() {}

    /// Lets the register at `offset` read `values`, one after the other, and
    /// then the last of them for ever.
    public func plan(_ values: UInt64..., at offset: Int) {
      planned[offset] = values
    }

    /// What was stored, without the loads.
    public var stores: [Access] {
      accesses.filter { if case .store = $0 { true } else { false } }
    }

    private func load(_ offset: Int) -> UInt64 {
      accesses.append(.load(offset))
      if var queue = planned[offset], let first = queue.first {
        queue.removeFirst()
        planned[offset] = queue
        resting[offset] = first
      }
      return resting[offset, default: 0]
    }

    public func load8(at offset: Int) -> UInt8 {
      UInt8(truncatingIfNeeded: load(offset))
    }

    public func store8(_ value: UInt8, at offset: Int) {
      accesses.append(.store(UInt64(value), at: offset))
    }

    public func load32(at offset: Int) -> UInt32 {
      UInt32(truncatingIfNeeded: load(offset))
    }

    public func store32(_ value: UInt32, at offset: Int) {
      accesses.append(.store(UInt64(value), at: offset))
    }
  }
#endif
