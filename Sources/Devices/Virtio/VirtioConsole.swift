// SPDX-License-Identifier: BSD-3-Clause

import Console
import Hart

/// A console that speaks virtio (virtio 1.2, section "Console Device").
///
/// Text is kept until a line ends or 128 characters have come, so that the
/// device is asked once for many. It polls, as the serial port does, so that it
/// also works when interrupts are off.
public final class VirtioConsole<Bus: RegisterBus>: ByteDevice {
  private let transport: VirtioTransport<Bus>
  private var input: Virtqueue
  private var output: Virtqueue
  /// 128 bytes for input, then as many for output.
  private let memory: DMABuffer
  private static var half: Int { 128 }

  private var written = 0
  private var taken = 0
  private var available = 0
  /// What the device did wrong: nothing is sent or received any more.
  public private(set) var failure: VirtioError?

  /// The console behind `transport`.
  ///
  /// - Throws: Why it cannot be used.
  public init(_ transport: VirtioTransport<Bus>) throws(VirtioError) {
    guard transport.deviceID == 3 else {
      throw .otherDevice(transport.deviceID)
    }
    let features = try transport.begin(accepting: .none)
    memory = try DMABuffer(count: 2 * Self.half)
    input = try Virtqueue(
      index: 0, size: 4, limit: try transport.queueSize(0), features: features)
    output = try Virtqueue(
      index: 1, size: 4, limit: try transport.queueSize(1), features: features)
    self.transport = transport
    input.suppressInterrupts()
    output.suppressInterrupts()
    transport.setUp(input)
    transport.setUp(output)
    transport.finish()
    askForInput()
  }

  deinit {
    flush()
    stop()
  }

  /// From now on the device writes nothing, or the memory stays its own.
  private func stop() {
    do throws(VirtioError) {
      try transport.reset()
    } catch {
      input.leak()
      output.leak()
      memory.leak()
    }
  }

  /// Keeps a byte, and sends all if it ends a line.
  public func write(_ byte: UInt8) {
    guard failure == nil else { return }
    memory[Self.half &+ written] = byte
    written &+= 1
    if byte == 10 || written == Self.half { flush() }
  }

  /// Sends what is kept, and waits until the device has it.
  public func flush() {
    guard written > 0, failure == nil,
      var chain = output.beginChain(1)
    else { return }
    chain.append(
      memory.address &+ UInt64(Self.half), count: UInt32(written),
      isWritable: false)
    output.add(chain)
    if output.publish() { transport.notify(1) }
    do throws(VirtioError) {
      _ = try output.waitForUsed()
    } catch {
      fail(error)
    }
    written = 0
  }

  public func read() -> UInt8? {
    if taken == available { takeInput() }
    guard taken < available else { return nil }
    let byte = memory[taken]
    taken &+= 1
    if taken == available { askForInput() }
    return byte
  }

  private func takeInput() {
    guard failure == nil else { return }
    do throws(VirtioError) {
      guard let used = try input.takeUsed() else { return }
      (taken, available) = (0, Int(used.length))
      if available == 0 { askForInput() }
    } catch {
      fail(error)
    }
  }

  private func askForInput() {
    (taken, available) = (0, 0)
    guard failure == nil, var chain = input.beginChain(1) else { return }
    chain.append(
      memory.address, count: UInt32(Self.half), isWritable: true)
    input.add(chain)
    if input.publish() { transport.notify(0) }
  }

  private func fail(_ error: VirtioError) {
    failure = error
    stop()
  }
}
