// SPDX-License-Identifier: BSD-3-Clause

import Hart
import TestSupport
import Testing

@testable import Paging

@Suite struct AddressRangesTests {
  @Test func `what touches grows together`() {
    var one = ranges(10..<20, 30..<40)
    check(one.insert(20..<30))
    #expect(one.list == [10..<40])
    check(one.insert(50..<60))
    check(one.insert(5..<55))
    #expect(one.list == [5..<60])
  }

  @Test func `what is taken out of the middle leaves two`() {
    var one = ranges(10..<40)
    check(one.remove(20..<30))
    #expect(one.list == [10..<20, 30..<40])
    check(one.remove(0..<15))
    check(one.remove(35..<100))
    #expect(one.list == [15..<20, 30..<35])
    #expect(one.total == 10)
  }

  @Test func `an empty range changes nothing`() {
    var one = ranges(10..<20)
    check(one.insert(30..<30))
    check(one.remove(15..<15))
    #expect(one.list == [10..<20])
  }

  @Test func `holding and meeting are told apart`() {
    let one = ranges(10..<20, 30..<40)
    check(one.contains(10..<20))
    check(!one.contains(10..<21))
    check(!one.contains(15..<35))
    check(one.meets(15..<35))
    check(!one.meets(20..<30))
  }

  @Test func `only whole frames stay`() {
    var one = ranges(1..<0x2FFF, 0x3001..<0x4FFF, 0x5001..<0x8000)
    one.shrinkToFrames()
    #expect(one.list == [0x1000..<0x2000, 0x6000..<0x8000])
  }

  @Test func `a frame at the very end of all addresses is given up`() {
    var one = ranges(UInt64.max - 10..<UInt64.max)
    one.shrinkToFrames()
    #expect(one.list == [])
  }

  @Test func `without room, too little is left and never too much`() {
    var one = AddressRanges(in: SimulatedMemory(), at: 0)
    for index in 0..<UInt64(63) {
      check(one.insert(index * 100..<index * 100 + 50))
    }
    check(one.insert(10000..<20000))
    check(!one.insert(30000..<30001))
    check(!one.remove(12000..<13000))
    #expect(one.count == 64)
    #expect(one.list.last == 10000..<12000)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `they hold what a set would hold`(seed: UInt64) {
    var random = SeededNumbers(seed: seed)
    var one = AddressRanges(in: SimulatedMemory(), at: 0x1000)
    var model = Set<UInt64>()
    for step in 0..<3000 {
      let start = random.word(below: 200)
      let range = start..<start + random.word(below: 20)
      if random.word(below: 2) == 0 {
        guard one.insert(range) else { continue }
        model.formUnion(range)
      } else {
        check(one.remove(range), "seed \(seed), step \(step)")
        model.subtract(range)
      }
      #expect(Set(one.list.joined()) == model, "seed \(seed), step \(step)")
      let gaps = zip(one.list, one.list.dropFirst())
        .allSatisfy { $0.upperBound < $1.lowerBound }
      #expect(gaps && one.list.allSatisfy { !$0.isEmpty }, "\(one.list)")
    }
  }
}
