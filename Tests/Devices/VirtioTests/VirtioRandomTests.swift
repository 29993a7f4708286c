// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing

@testable import SimulatedDevices
@testable import Virtio

/// The driver of the random device, and a device that tests tell what to do.
@Suite(.ownHart) struct VirtioRandomTests {
  private func device(
    isLegacy: Bool = false, _ change: (SimulatedVirtioDevice) -> Void = { _ in }
  ) -> SimulatedVirtioDevice {
    var options = SimulatedVirtioDevice.Options()
    options.isLegacy = isLegacy
    options.deviceID = 4
    let device = SimulatedVirtioDevice(options)
    change(device)
    return device
  }

  /// Has the device fill so much of each buffer with 1, 2, 3 and so on.
  private func answer(
    _ device: SimulatedVirtioDevice, _ count: Int, saying length: Int? = nil
  ) {
    device.onNotify = { [unowned device] _ in
      while let chain = device.takeChain() {
        let bytes = (1...64).map { UInt8($0) }
        if let place = chain.writable.first {
          device.memory.store(bytes[0..<count], place.address)
        }
        device.use(chain, length: length ?? count)
      }
    }
  }

  private func words(
    _ device: SimulatedVirtioDevice
  ) throws(VirtioError) -> [UInt64] {
    let driver = try VirtioRandom(VirtioTransport(bus: device))
    var words: [UInt64] = []
    try driver.read { words.append($0) }
    return words
  }

  @Test(arguments: [false, true])
  func `what the device gives comes out`(isLegacy: Bool) throws {
    let device = device(isLegacy: isLegacy) { answer($0, 64) }
    let words = try words(device)
    #expect(words.count == 8)
    #expect(words.first == 0x0807_0605_0403_0201)
    #expect(device.violations == [])
    // The driver is gone, and so is its buffer.
    #expect(device.status == 0)
  }

  @Test func `bytes that make no whole word are left out`() throws {
    let device = device { answer($0, 23) }
    #expect(try words(device).count == 2)
  }

  @Test func `a device may give nothing`() throws {
    let device = device { answer($0, 0) }
    #expect(try words(device) == [])
  }

  @Test(arguments: [65, 80, 1 << 30])
  func `of a device that tells too much, the buffer is taken`(
    length: Int
  ) throws {
    let device = device { answer($0, 64, saying: length) }
    #expect(try words(device).count == 8)
    #expect(device.status == 0 && device.violations == [])
  }

  @Test func `a device that does not answer is given up`() {
    let device = device()
    #expect(throws: VirtioError.noAnswer) { try words(device) }
    #expect(device.status == 0 && device.violations == [])
  }

  @Test func `memory that a device may still write to is kept`() throws {
    let device = device()
    var place: Stretch?
    device.onNotify = { [unowned device] _ in
      place = device.takeChain()?.writable.first
      // From now on it never ends a reset.
      device.onLoad = { offset, value in
        offset == VirtioRegister.status ? 1 : value
      }
    }
    #expect(throws: VirtioError.noAnswer) { try words(device) }
    let buffer = try #require(place)
    #expect(SimulatedDMA.contains(buffer.address, count: buffer.count))
  }

  @Test func `another kind of device is refused`() {
    var options = SimulatedVirtioDevice.Options()
    options.deviceID = 2
    let device = SimulatedVirtioDevice(options)
    #expect(throws: VirtioError.otherDevice(2)) { try words(device) }
  }
}
