// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import Console
  import DeviceTree
  import Exercise_1_2
  import Grading
  import Hart

  extension Report {
    /// Has the machine's real port send to itself, and reads it back.
    mutating func expectLoopback() {
      guard let address = serialPortAddress() else {
        expect(
          false, given: "the device tree", expected: "a serial port",
          got: "none")
        return
      }
      let received = loopback(
        "swiftkraft\n", through: unsafe MemoryMappedBus(at: address))
      expect(
        received, is: "swiftkraft\r\n",
        given: "write of \"swiftkraft\\n\" to the port in loopback mode")
    }
  }

  private func serialPortAddress() -> UInt64? {
    guard let port = try? Board.deviceTree?.serialPort() else { return nil }
    return port.region.start
  }

  /// What comes back from a port that sends to itself. Nothing may print in
  /// the meantime: the console is the same port.
  private func loopback(
    _ text: StaticString, through bus: MemoryMappedBus
  ) -> CapturedText {
    let control = 4  // MCR
    let loop: UInt8 = 1 << 4
    while bus.load8(at: 5) & 1 << 6 == 0 {}  // TEMT: all has gone out
    let before = bus.load8(at: control)
    bus.store8(before | loop, at: control)
    defer { bus.store8(before, at: control) }
    var port = PatientPort(bus: bus, patience: 100_000)
    var received = CapturedText()
    port.write(text)
    while received.count < 100, let byte = port.read() { received.write(byte) }
    return received
  }
#endif
