// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A device that gives random bytes (virtio 1.2, section "Entropy Device").
///
/// It is asked rarely and answers soon, so it is polled.
public final class VirtioRandom<Bus: RegisterBus> {
  private let transport: VirtioTransport<Bus>
  private var queue: Virtqueue
  private let buffer: DMABuffer

  /// The device behind `transport`.
  ///
  /// - Throws: Why it cannot be used.
  public init(_ transport: VirtioTransport<Bus>) throws(VirtioError) {
    guard transport.deviceID == 4 else {
      throw .otherDevice(transport.deviceID)
    }
    let features = try transport.begin(accepting: .none)
    buffer = try DMABuffer(count: 64)
    queue = try Virtqueue(
      index: 0, size: 4, limit: try transport.queueSize(0), features: features)
    queue.suppressInterrupts()
    transport.setUp(queue)
    transport.finish()
    self.transport = transport
  }

  /// Waits until the device has given up to 64 bytes, and calls `body` with
  /// each eight of them.
  ///
  /// - Throws: What the device did wrong; it has been reset then. `noAnswer` if
  ///   it has not answered after millions of instructions.
  public func read(_ body: (UInt64) -> Void) throws(VirtioError) {
    guard var chain = queue.beginChain(1) else { throw .noAnswer }
    chain.append(buffer.address, count: 64, isWritable: true)
    queue.add(chain)
    if queue.publish() { transport.notify(0) }
    let used: Virtqueue.UsedChain
    do throws(VirtioError) {
      used = try queue.waitForUsed()
    } catch {
      stop()
      throw error
    }
    for offset in 0..<Int(used.length) / 8 {
      body(buffer.load64(at: 8 * offset))
    }
  }

  deinit { stop() }

  /// From now on the device writes nothing, or the memory stays its own.
  private func stop() {
    do throws(VirtioError) {
      try transport.reset()
    } catch {
      queue.leak()
      buffer.leak()
    }
  }
}

extension Virtqueue {
  /// Looks until the device has used a chain.
  ///
  /// - Throws: What ``takeUsed()`` throws, or `noAnswer`.
  mutating func waitForUsed() throws(VirtioError) -> UsedChain {
    for _ in 0..<10_000_000 {
      if let used = try takeUsed() { return used }
    }
    throw .noAnswer
  }
}
