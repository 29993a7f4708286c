// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_4_1
import Grading

/// Something that a heap has done.
enum HeapEvent {
  case allocated(UInt64, size: UInt64, site: UInt64)
  case released(UInt64)
}

/// A log, and what it means: the slow and obvious way.
struct HeapLog {
  private(set) var events: [HeapEvent] = []
  private(set) var inUse: [(address: UInt64, size: UInt64, site: UInt64)] = []
  private(set) var seen: [UInt64] = []
  private(set) var doubleReleases: UInt64 = 0
  private(set) var unknownReleases: UInt64 = 0

  mutating func append(_ event: HeapEvent) {
    events.append(event)
    switch event {
    case .allocated(let address, let size, let site):
      inUse.append((address, size, site))
      if !seen.contains(address) { seen.append(address) }
    case .released(let address):
      if let index = inUse.firstIndex(where: { $0.address == address }) {
        inUse.remove(at: index)
      } else if seen.contains(address) {
        doubleReleases += 1
      } else {
        unknownReleases += 1
      }
    }
  }

  /// All leaks in order.
  var leaks: [Leak] {
    var leaks: [Leak] = []
    for block in inUse {
      let index = leaks.firstIndex { $0.site == block.site }
      guard let index else {
        leaks.append(Leak(site: block.site, blocks: 1, bytes: block.size))
        continue
      }
      leaks[index].blocks += 1
      leaks[index].bytes += block.size
    }
    leaks.sort { one, other in
      one.bytes == other.bytes
        ? one.site < other.site : one.bytes > other.bytes
    }
    return leaks
  }
}

extension LeakFinder {
  mutating func take(_ event: HeapEvent) {
    switch event {
    case .allocated(let address, let size, let site):
      allocated(address, size: size, site: site)
    case .released(let address): released(address)
    }
  }
}

extension Message.Interpolation {
  /// The last events of a log, the newest at the end.
  mutating func appendInterpolation(_ log: HeapLog) {
    let most = 8
    if log.events.count > most {
      appendInterpolation(log.events.count - most)
      appendLiteral(" events, then ")
    }
    for (index, event) in log.events.suffix(most).enumerated() {
      if index > 0 { appendLiteral("; ") }
      appendInterpolation(event)
    }
    if log.events.isEmpty { appendLiteral("no event") }
  }

  private mutating func appendInterpolation(_ event: HeapEvent) {
    switch event {
    case .allocated(let address, let size, let site):
      appendLiteral("allocated ")
      appendInterpolation(hex: address)
      appendLiteral(", ")
      appendInterpolation(size)
      appendLiteral(" bytes, site ")
      appendInterpolation(site)
    case .released(let address):
      appendLiteral("released ")
      appendInterpolation(hex: address)
    }
  }

  mutating func appendInterpolation(_ leak: Leak?) {
    guard let leak else { return appendLiteral("nil") }
    appendLiteral("site ")
    appendInterpolation(leak.site)
    appendLiteral(" with ")
    appendInterpolation(leak.bytes)
    appendLiteral(" bytes in ")
    appendInterpolation(leak.blocks)
    appendLiteral(leak.blocks == 1 ? " block" : " blocks")
  }
}
