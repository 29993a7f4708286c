// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing

@testable import SimulatedDevices
@testable import Virtio

/// The driver of the console, and a terminal that tests play.
@Suite(.ownHart) struct VirtioConsoleTests {
  private let device: SimulatedVirtioDevice
  private let screen = Screen()

  /// What the console was sent.
  private final class Screen {
    var text = ""
    var chains = 0
    /// Where typed text can go.
    var input: [SimulatedChain] = []
  }

  init() {
    var options = SimulatedVirtioDevice.Options()
    options.deviceID = 3
    options.queueSizes = [64, 64]
    device = SimulatedVirtioDevice(options)
    device.onNotify = { [unowned device, screen] index in
      while let chain = device.takeChain(index) {
        guard index == 1 else {
          screen.input.append(chain)
          continue
        }
        for place in chain.readable {
          let bytes = device.memory.bytes(place.address, place.count)
          screen.text += String(decoding: bytes, as: UTF8.self)
        }
        screen.chains += 1
        device.use(chain, length: 0)
      }
    }
  }

  private func console() throws -> VirtioConsole<SimulatedVirtioDevice> {
    try VirtioConsole(VirtioTransport(bus: device))
  }

  private func type(_ text: String) {
    let chain = screen.input.removeFirst()
    let bytes = Array(text.utf8)
    if let place = chain.writable.first {
      device.memory.store(bytes[...], place.address)
    }
    device.use(chain, length: bytes.count)
  }

  private func write(
    _ text: String, to console: VirtioConsole<SimulatedVirtioDevice>
  ) {
    for byte in text.utf8 { console.write(byte) }
  }

  private func read(
    _ console: VirtioConsole<SimulatedVirtioDevice>
  ) -> String {
    var bytes: [UInt8] = []
    while let byte = console.read() { bytes.append(byte) }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `a line is sent as one`() throws {
    let console = try console()
    write("hello", to: console)
    #expect(screen.text == "")
    write("\n", to: console)
    #expect(screen.text == "hello\n")
    #expect(screen.chains == 1)
  }

  @Test func `a long line is sent in pieces, and nothing is lost`() throws {
    let line = String(repeating: "0123456789", count: 100)
    let console = try console()
    write(line, to: console)
    console.flush()
    #expect(screen.text == line)
    #expect(screen.chains == 8)
  }

  @Test func `the rest of a line is sent when the console goes`() throws {
    var console: VirtioConsole<SimulatedVirtioDevice>? = try console()
    if let console { write("no end", to: console) }
    console = nil
    #expect(screen.text == "no end")
    #expect(device.status == 0 && device.violations == [])
  }

  @Test func `what is typed comes out, again and again`() throws {
    let console = try console()
    #expect(console.read() == nil)
    for text in ["a", String(repeating: "b", count: 128), "", "c\n"] {
      type(text)
      #expect(read(console) == text)
    }
    #expect(device.violations == [])
  }

  @Test func `a console that tells too much gives what there is room for`()
    throws
  {
    let console = try console()
    device.onUse = { [.init(head: $0.head, length: 1000)] }
    type("x")
    #expect(console.read() == UInt8(ascii: "x"))
    var count = 1
    while console.read() != nil { count += 1 }
    #expect(count == 128)
    #expect(console.failure == nil)
  }

  @Test func `a console that lies falls silent`() throws {
    let console = try console()
    device.onUse = { [.init(head: 1000, length: $0.length)] }
    type("x")
    #expect(console.read() == nil)
    #expect(console.failure == .noSuchDescriptor(1000))
    write("lost\n", to: console)
    #expect(screen.text == "")
    #expect(console.read() == nil)
  }
}
