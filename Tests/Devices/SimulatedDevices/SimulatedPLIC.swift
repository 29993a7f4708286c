// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A platform-level interrupt controller for tests, as one context sees it
/// (PLIC specification 1.0.0). Wires are levels: a source that nobody makes
/// quiet interrupts again as soon as it is completed.
public final class SimulatedPLIC: RegisterBus {
  public let sourceCount: Int
  public let context: Int
  /// The sources whose wires are raised.
  public var raised: Set<Int> = []
  public private(set) var priorities: [Int: UInt32] = [:]
  public private(set) var enabled: Set<Int> = []
  public private(set) var threshold: UInt32 = 0
  /// What was claimed and is not completed: its wire is not looked at.
  public private(set) var inService: Set<Int> = []
  /// What was claimed and completed, in order.
  public private(set) var log: [String] = []
  /// Claimed once instead of what waits.
  public var lie: UInt32?

  public init(sourceCount: Int, context: Int) {
    (self.sourceCount, self.context) = (sourceCount, context)
  }

  private var claimRegister: Int { 0x20_0004 + 0x1000 * context }
  private var enableRegister: Int { 0x2000 + 0x80 * context }

  /// The most urgent source that waits; of equals, that with the lowest number.
  private var waiting: Int {
    let heard = raised.filter { source in
      enabled.contains(source) && !inService.contains(source)
        && priorities[source, default: 0] > threshold
    }
    let order = heard.sorted { one, two in
      let (first, second) = (priorities[one] ?? 0, priorities[two] ?? 0)
      return first == second ? one < two : first > second
    }
    return order.first ?? 0
  }

  /// Whether the hart is interrupted.
  public var isInterrupting: Bool { waiting != 0 }

  public func load8(at offset: Int) -> UInt8 { 0 }
  public func store8(_ value: UInt8, at offset: Int) {}

  public func load32(at offset: Int) -> UInt32 {
    if offset == claimRegister { return claim() }
    let first = 8 * (offset - enableRegister)
    return (0..<32).reduce(0) { word, bit in
      enabled.contains(first + bit) ? word | 1 << UInt32(bit) : word
    }
  }

  private func claim() -> UInt32 {
    if let number = lie {
      lie = nil
      return number
    }
    let source = waiting
    if source != 0 {
      inService.insert(source)
      log.append("claim \(source)")
    }
    return UInt32(source)
  }

  public func store32(_ value: UInt32, at offset: Int) {
    switch offset {
    case claimRegister: complete(Int(value))
    case claimRegister - 4: threshold = value
    case enableRegister..<enableRegister + 0x80:
      setEnabled(value, 8 * (offset - enableRegister))
    default: priorities[offset / 4] = value
    }
  }

  /// A completion of a source that is not enabled is ignored (chapter
  /// "Interrupt Completion").
  private func complete(_ source: Int) {
    guard enabled.contains(source) else { return }
    inService.remove(source)
    log.append("complete \(source)")
  }

  private func setEnabled(_ word: UInt32, _ first: Int) {
    for bit in 0..<32 {
      if word >> UInt32(bit) & 1 == 1 {
        enabled.insert(first + bit)
      } else {
        enabled.remove(first + bit)
      }
    }
  }
}
