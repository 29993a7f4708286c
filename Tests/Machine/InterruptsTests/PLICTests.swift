// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Interrupts
import Testing

/// Where the registers are, as the PLIC specification 1.0.0 says.
@Suite struct PLICTests {
  @Test(arguments: [
    (context: 0, enable: 0x2000, threshold: 0x20_0000),
    (context: 1, enable: 0x2080, threshold: 0x20_1000),
    (context: 2, enable: 0x2100, threshold: 0x20_2000),
    (context: 15871, enable: 0x1F_1F80, threshold: 0x3FF_F000),
  ])
  func `each context has registers of its own`(
    context: Int, enable: Int, threshold: Int
  ) {
    let bus = RecordingBus()
    let plic = PLIC(bus: bus, sourceCount: 95, context: context)
    // 96 bits with that of source 0, which there is not.
    #expect(
      bus.stores == [
        .store(0, at: enable), .store(0, at: enable + 4),
        .store(0, at: enable + 8), .store(0, at: threshold),
      ])
    bus.plan(10, 0, at: threshold + 4)
    #expect(plic.claim() == 10)
    plic.complete(10)
    #expect(bus.accesses.last == .store(10, at: threshold + 4))
  }

  @Test(arguments: [
    (source: 1, word: 0, bit: 1), (source: 31, word: 0, bit: 31),
    (source: 32, word: 4, bit: 0), (source: 1023, word: 124, bit: 31),
  ])
  func `each source has a bit and a priority`(
    source: UInt32, word: Int, bit: Int
  ) {
    let bus = RecordingBus()
    let plic = PLIC(bus: bus, sourceCount: 1023, context: 1)
    let (place, mask) = (0x2080 + word, UInt64(1) << UInt64(bit))
    bus.plan(0x0F0F_0F0F & ~mask, 0x0F0F_0F0F | mask, at: place)
    plic.enable(source)
    #expect(bus.accesses.last == .store(0x0F0F_0F0F | mask, at: place))
    plic.disable(source)
    #expect(bus.accesses.last == .store(0x0F0F_0F0F & ~mask, at: place))
    plic.setPriority(7, of: source)
    #expect(bus.accesses.last == .store(7, at: 4 * Int(source)))
  }

  @Test func `there are at most 1023 sources, and no source 0`() {
    let bus = RecordingBus()
    let plic = PLIC(bus: bus, sourceCount: .max, context: 0)
    #expect(plic.sourceCount == 1023)
    // 32 registers hold their bits; what follows is another context's.
    #expect(bus.stores.count == 33)
    #expect(
      [0, 1, 1023, 1024].map(plic.hasSource) == [
        false, true, true, false,
      ])
  }

  @Test func `a source that is not there cannot be enabled`() async {
    await #expect(processExitsWith: .failure) {
      PLIC(bus: RecordingBus(), sourceCount: 4, context: 0).enable(5)
    }
  }
}
