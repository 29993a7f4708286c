// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// How long a thread sleeps between two looks at a device that does not
/// interrupt.
///
/// Others run meanwhile, however urgent the thread is. Each pause is twice as
/// long as the one before: a fast device is not kept waiting, and a slow one
/// costs few looks. The longest takes 1.28 ms.
struct PollingPause {
  private var microseconds: UInt64 = 10
  private static var longest: UInt64 { 1280 }

  /// When to look again. Costs two divisions.
  @inline(never)
  mutating func next() -> Instant {
    let end = Instant.now(plus: .microseconds(microseconds))
    microseconds = min(2 &* microseconds, Self.longest)
    return end
  }
}
