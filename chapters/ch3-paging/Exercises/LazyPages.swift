// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 3.3: pages that come when they are touched. See `make hint EX=3.3`.

import Hart
import Paging
import Todo
import Traps

/// What the lazy pages need of the machine. Addresses are multiples of 4096.
public protocol LazyMachine {
  /// What may be done with the page at `address`, or nil if none is mapped.
  func protection(of address: UInt64) -> Protection?
  /// Maps the page at `address`, where none is mapped, to a frame.
  ///
  /// - Returns: Whether it was possible; else nothing has changed.
  mutating func map(
    _ address: UInt64, to frame: UInt64, _ protection: Protection
  ) -> Bool
  /// Takes the page at `address` away.
  mutating func unmap(_ address: UInt64)
  /// The address of a frame that is all zeros and has no owner, or nil.
  mutating func zeroedFrame() -> UInt64?
  /// Takes a frame back that is not needed after all.
  mutating func giveBack(_ frame: UInt64)
}

/// Addresses whose pages exist only once they are touched.
///
///     never touched    loaded from              stored to
///     (no page)  ───▶  the shared frame,  ───▶  a frame of its own,
///                      read only                read and write
///
/// All pages that were only read share one frame of zeros: reading a terabyte
/// costs no memory. The first store to a page gives it a frame of its own.
public struct LazyPages<Machine: LazyMachine> {
  private let addresses: Range<UInt64>
  private let sharedFrame: UInt64

  /// Pages at `addresses`, whole pages, none of which is mapped.
  ///
  /// - Parameters:
  ///   - addresses: From the first byte to the one behind the last.
  ///   - sharedFrame: The address of a frame that is, and stays, all zeros.
  public init(_ addresses: Range<UInt64>, sharedFrame: UInt64) {
    self.addresses = addresses
    self.sharedFrame = sharedFrame
  }

  /// Deals with a page fault, so that the access can be made again.
  ///
  /// A store to a page that was loaded from before takes the shared frame away
  /// from it and maps a fresh one. If there is no frame, or if it cannot be
  /// mapped, all is as it was before, and no frame is lost.
  ///
  /// - Parameters:
  ///   - address: What was touched: any byte, not only a page's first.
  ///   - isStore: Whether it was to be written.
  ///   - machine: Maps pages and hands out frames.
  /// - Returns: Whether the access may be made again. False for an address
  ///   outside, and where the page allows the access already: then something
  ///   else is wrong.
  public func handle(
    faultAt address: UInt64, isStore: Bool, on machine: inout Machine
  ) -> Bool {
    // TODO: what is mapped there now, and what should be? Remove `todo`.
    todo("3.3")
  }
}

#if arch(riscv64)
  /// The running kernel, as the lazy pages use it.
  public struct KernelMachine: LazyMachine {
    /// How many frames it has handed out and not got back.
    public private(set) var frameCount = 0

    /// The running kernel.
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
    /// Deals with a trap, if it is a page fault for a load or a store here.
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
