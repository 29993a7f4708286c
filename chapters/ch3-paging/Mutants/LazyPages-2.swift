// Wrong: takes the shared page away before it knows that there is a frame.
// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Paging
import Traps

public protocol LazyMachine {
  func protection(of address: UInt64) -> Protection?
  mutating func map(
    _ address: UInt64, to frame: UInt64, _ protection: Protection
  ) -> Bool
  mutating func unmap(_ address: UInt64)
  mutating func zeroedFrame() -> UInt64?
  mutating func giveBack(_ frame: UInt64)
}

public struct LazyPages<Machine: LazyMachine> {
  private let addresses: Range<UInt64>
  private let sharedFrame: UInt64

  public init(_ addresses: Range<UInt64>, sharedFrame: UInt64) {
    self.addresses = addresses
    self.sharedFrame = sharedFrame
  }

  public func handle(
    faultAt address: UInt64, isStore: Bool, on machine: inout Machine
  ) -> Bool {
    guard addresses.contains(address) else { return false }
    let page = address & ~4095
    switch (machine.protection(of: page), isStore) {
    case (nil, false): return machine.map(page, to: sharedFrame, .readOnly)
    case (nil, true): return giveFrame(to: page, on: &machine)
    case (.readOnly, true):
      return replaceShared(page, on: &machine)
    default: return false
    }
  }

  private func giveFrame(to page: UInt64, on machine: inout Machine) -> Bool {
    guard let frame = machine.zeroedFrame() else { return false }
    guard machine.map(page, to: frame, .readWrite) else {
      machine.giveBack(frame)
      return false
    }
    return true
  }

  private func replaceShared(
    _ page: UInt64, on machine: inout Machine
  ) -> Bool {
    machine.unmap(page)
    guard let frame = machine.zeroedFrame() else { return false }
    if machine.map(page, to: frame, .readWrite) { return true }
    machine.giveBack(frame)
    _ = machine.map(page, to: sharedFrame, .readOnly)
    return false
  }
}

#if arch(riscv64)
  public struct KernelMachine: LazyMachine {
    public private(set) var frameCount = 0

    public init() {}

    public func protection(of address: UInt64) -> Protection? {
      KernelMemory.translate(address)?.protection
    }

    public mutating func map(
      _ address: UInt64, to frame: UInt64, _ protection: Protection
    ) -> Bool {
      let run = FrameRun(Frame(holding: frame))
      return (try? KernelMemory.map(address, to: run, protection)) != nil
    }

    public mutating func unmap(_ address: UInt64) {
      try? KernelMemory.unmap(address, size: Frame.size)
    }

    public mutating func zeroedFrame() -> UInt64? {
      guard let run = try? KernelMemory.allocate() else { return nil }
      // The frame has no other owner: the kernel has just handed it out.
      let memory = unsafe IdentityMemory()
      for offset in 0..<512 as Range<UInt64> {
        memory.store(0, at: run.first.address + offset * 8)
      }
      frameCount += 1
      return run.first.address
    }

    public mutating func giveBack(_ frame: UInt64) {
      KernelMemory.release(FrameRun(Frame(holding: frame)))
      frameCount -= 1
    }
  }

  extension LazyPages<KernelMachine> {
    public func handle(
      _ frame: TrapFrame, on machine: inout KernelMachine
    ) -> Bool {
      switch frame.reason {
      case .exception(.loadPageFault):
        handle(faultAt: frame.value, isStore: false, on: &machine)
      case .exception(.storePageFault):
        handle(faultAt: frame.value, isStore: true, on: &machine)
      default: false
      }
    }
  }
#endif
