// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Interrupts
import SimulatedDevices
import Testing

/// A device that interrupts, and its driver.
final class Device: InterruptHandler {
  let source: Int
  let plic: SimulatedPLIC
  var served = 0
  var onInterrupt: () -> Void = {}
  var mayInterrupt = false

  init(_ source: Int, _ plic: SimulatedPLIC) {
    (self.source, self.plic) = (source, plic)
  }

  func handleInterrupt() {
    served += 1
    plic.raised.remove(source)
    onInterrupt()
  }
}

@Suite struct InterruptControllerTests {
  let plic = SimulatedPLIC(sourceCount: 95, context: 1)
  let controller: InterruptController<SimulatedPLIC>

  init() {
    controller = InterruptController(
      PLIC(bus: plic, sourceCount: 95, context: 1))
  }

  private func attach(
    _ source: Int, priority: UInt32 = 1
  ) throws(InterruptError) -> Device {
    let device = Device(source, plic)
    try controller.attach(device, to: UInt32(source), priority: priority)
    return device
  }

  @Test func `the most urgent is served first, equals by number`() throws {
    let devices = try [(40, 1), (3, 1), (7, 5), (64, 7)].map {
      try attach($0, priority: $1)
    }
    plic.raised = [3, 7, 40, 64]
    controller.serve()
    #expect(devices.map(\.served) == [1, 1, 1, 1])
    #expect(
      plic.log == [64, 7, 3, 40].flatMap { ["claim \($0)", "complete \($0)"] })
    #expect(controller.counts.served == 4)
    #expect(!plic.isInterrupting)
  }

  @Test func `what comes while another is served is served as well`() throws {
    let (one, two) = (try attach(1), try attach(2))
    one.onInterrupt = { [plic] in plic.raised.insert(2) }
    plic.raised = [1]
    controller.serve()
    #expect([one.served, two.served] == [1, 1])
  }

  @Test func `a device that is not quiet is served again`() throws {
    let device = try attach(1)
    device.onInterrupt = { [plic, unowned device] in
      if device.served < 3 { plic.raised.insert(1) }
    }
    plic.raised = [1]
    controller.serve()
    #expect(device.served == 3)
  }

  @Test func `a device that never stops is turned off`() throws {
    let device = try attach(1)
    device.onInterrupt = { [plic] in plic.raised.insert(1) }
    plic.raised = [1]
    controller.serve()
    #expect(device.served == 1000)
    #expect(controller.counts.storms == 1)
    #expect(!plic.isInterrupting)
  }

  @Test func `an interrupt without a source is counted`() throws {
    let device = try attach(1)
    controller.serve()
    #expect(controller.counts.spurious == 1)
    #expect(device.served == 0)
    plic.raised = [1]
    controller.serve()
    #expect(device.served == 1)
    #expect(controller.counts.spurious == 1)
  }

  @Test func `a source without a handler is turned off, and survives`() throws {
    let device = try attach(1)
    // Somebody else has turned it on.
    plic.store32(1 << 1 | 1 << 9, at: 0x2080)
    plic.store32(1, at: 4 * 9)
    plic.raised = [1, 9]
    controller.serve()
    #expect(controller.counts.unhandled == 1)
    #expect(device.served == 1)
    #expect(!plic.isInterrupting)
    #expect(plic.inService == [])
    // Its wire is still raised, so its driver is called when it comes.
    let late = try attach(9)
    controller.serve()
    #expect(late.served == 1)
  }

  @Test(arguments: [96, 1000, 1024, UInt32.max])
  func `a source that cannot exist is counted`(number: UInt32) throws {
    let device = try attach(1)
    plic.lie = number
    plic.raised = [1]
    controller.serve()
    #expect(controller.counts.unhandled == 1)
    #expect(device.served == 1)
  }

  @Test func `a source has one handler`() throws {
    let first = try attach(5)
    #expect(throws: InterruptError.isTaken(5)) { try attach(5) }
    plic.raised = [5]
    controller.serve()
    #expect(first.served == 1)
    controller.detach(from: 5)
    #expect(plic.enabled == [])
    let second = try attach(5)
    plic.raised = [5]
    controller.serve()
    #expect([first.served, second.served] == [1, 1])
  }

  @Test(arguments: [0, 96, UInt32.max])
  func `a source that is not there cannot be attached to`(
    source: UInt32
  ) throws {
    let device = Device(1, plic)
    #expect(throws: InterruptError.noSuchSource(source)) {
      try controller.attach(device, to: source)
    }
    controller.detach(from: source)
    #expect(plic.enabled == [])
  }

  @Test func `a handler may detach itself while it runs`() throws {
    let device = try attach(6)
    device.onInterrupt = { [controller] in controller.detach(from: 6) }
    plic.raised = [6]
    controller.serve()
    #expect(plic.enabled == [])
    #expect(plic.inService == [])
    plic.raised = [6]
    controller.serve()
    #expect(device.served == 1)
    let next = try attach(6)
    controller.serve()
    #expect(next.served == 1)
  }

  @Test func `a handler may attach another in its place`() throws {
    let (device, next) = (try attach(6), Device(6, plic))
    device.onInterrupt = { [controller, plic] in
      controller.detach(from: 6)
      try? controller.attach(next, to: 6)
      plic.raised.insert(6)
    }
    plic.raised = [6]
    controller.serve()
    #expect([device.served, next.served] == [1, 1])
  }

  // MARK: - Several controllers

  @Test func `each controller's sources are its own`() throws {
    let other = SimulatedPLIC(sourceCount: 95, context: 3)
    let second = InterruptController(
      PLIC(bus: other, sourceCount: 95, context: 3), identifier: 7)
    controller.append(second)
    let (one, two) = (try attach(5), Device(5, other))
    try second.attach(two, to: 5)
    other.raised = [5]
    controller.serve()
    #expect([one.served, two.served] == [0, 1])
    #expect(plic.log == [] && other.log == ["claim 5", "complete 5"])
    plic.raised = [5]
    controller.serve()
    #expect([one.served, two.served] == [1, 1])
    #expect(controller.counts.served == 2)
    controller.serve()
    #expect(controller.counts.spurious == 1)
  }

  @Test func `a controller is found by what the tree calls it`() {
    let second = InterruptController(
      PLIC(bus: plic, sourceCount: 95, context: 1), identifier: 7)
    let third = InterruptController(
      PLIC(bus: plic, sourceCount: 95, context: 1), identifier: 9)
    controller.append(second)
    controller.append(third)
    #expect(controller.controller(nil) === controller)
    #expect(controller.controller(7) === second)
    #expect(controller.controller(9) === third)
    #expect(controller.controller(8) == nil)
  }

  @Test func `a standstill is none while one device may interrupt`() throws {
    let other = SimulatedPLIC(sourceCount: 95, context: 3)
    let second = InterruptController(
      PLIC(bus: other, sourceCount: 95, context: 3), identifier: 7)
    controller.append(second)
    let (one, two) = (try attach(5), Device(5, other))
    try second.attach(two, to: 5)
    #expect(!controller.mayInterrupt)
    two.mayInterrupt = true
    #expect(controller.mayInterrupt)
    (one.mayInterrupt, two.mayInterrupt) = (true, false)
    #expect(controller.mayInterrupt)
  }

  @Test func `a handler is kept for as long as it is attached`() throws {
    weak var gone: Device?
    gone = try attach(8)
    #expect(gone != nil)
    controller.detach(from: 8)
    #expect(gone == nil)
  }
}
