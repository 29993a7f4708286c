// SPDX-License-Identifier: BSD-3-Clause

import Boot
import CHart
import Hart
import Paging

/// Memory that a device reads and writes by itself, while the hart does
/// something else: direct memory access, DMA.
///
/// It begins at the start of a frame, lies at one address for the hart and the
/// device, and does not move. The driver that gives it to a device keeps a
/// reference to it until the device is done: its memory is not used for
/// anything else before. What it holds may change at any moment while a device
/// has it, so every access reads or writes memory.
///
/// Offsets are in bytes and are checked: one that is out of range ends the
/// program, as an array's index does.
@safe
public final class DMABuffer: @unchecked Sendable {
  /// How many bytes it has.
  public let count: Int

  /// Where it lies, for a device.
  public let address: UInt64

  /// Memory of `count` bytes, from 1 to 2 to the power of 30. What it holds is
  /// whatever was there before, unless it is cleared.
  ///
  /// - Throws: `outOfMemory`.
  public init(count: Int) throws(VirtioError) {
    guard (1...1 << 30).contains(count) else { throw .outOfMemory }
    self.count = count
    address = try DMAMemory.allocate(count)
  }

  deinit { DMAMemory.release(address, count) }

  /// Fills it with zeros.
  public func clear() { clear(0, count) }

  /// Fills `size` bytes from `offset` on with zeros.
  public func clear(_ offset: Int, _ size: Int) {
    unsafe hart_zero(place(offset, size), UInt64(size))
  }

  /// Never gives the memory back: a device that cannot be stopped has it.
  public func leak() { unsafe _ = Unmanaged.passRetained(self) }

  /// The byte at `offset`.
  public subscript(offset: Int) -> UInt8 {
    @inline(__always) get { unsafe hart_load8(place(offset, 1)) }
    @inline(__always) set { unsafe hart_store8(place(offset, 1), newValue) }
  }

  /// The 16-bit number at `offset`, a multiple of 2; little-endian, as all
  /// that devices share.
  @inline(__always)
  public func load16(at offset: Int) -> UInt16 {
    unsafe hart_load16(place(offset, 2))
  }

  /// The 32-bit number at `offset`, a multiple of 4.
  @inline(__always)
  public func load32(at offset: Int) -> UInt32 {
    unsafe hart_load32(place(offset, 4))
  }

  /// Sets the 32-bit number at `offset`, a multiple of 4.
  @inline(__always)
  public func store32(_ value: UInt32, at offset: Int) {
    unsafe hart_store32(place(offset, 4), value)
  }

  /// The 64-bit number at `offset`, a multiple of 8.
  @inline(__always)
  public func load64(at offset: Int) -> UInt64 {
    unsafe hart_load64(place(offset, 8))
  }

  /// Sets the 64-bit number at `offset`, a multiple of 8.
  @inline(__always)
  public func store64(_ value: UInt64, at offset: Int) {
    unsafe hart_store64(place(offset, 8), value)
  }

  /// Copies `size` bytes from `offset` on to another buffer. Both stretches are
  /// checked; they may overlap.
  public func copy(_ offset: Int, _ size: Int, to other: DMABuffer, at: Int) {
    let from = place(offset, size)
    unsafe hart_copy(other.place(at, size), from, UInt64(size))
  }

  /// The address of `size` bytes that all lie inside.
  @inline(__always)
  private func place(_ offset: Int, _ size: Int) -> UInt64 {
    precondition(offset >= 0 && size >= 0 && offset <= count &- size)
    return address &+ UInt64(truncatingIfNeeded: offset)
  }
}

/// Where buffers come from: the kernel's frames, or the host's memory.
private enum DMAMemory {
  static func allocate(_ count: Int) throws(VirtioError) -> UInt64 {
    #if arch(riscv64)
      do throws(FrameError) {
        return try KernelMemory.allocate(count: frames(count)).first.address
      } catch {
        throw .outOfMemory
      }
    #else
      guard SimulatedDMA.takeOne() else { throw .outOfMemory }
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: count, alignment: 4096)
      let address = UInt64(UInt(bitPattern: memory))
      SimulatedDMA.add(address, count)
      return address
    #endif
  }

  static func release(_ address: UInt64, _ count: Int) {
    #if arch(riscv64)
      let first = Frame(holding: address)
      KernelMemory.release(FrameRun(first, count: frames(count)))
    #else
      SimulatedDMA.remove(address)
      unsafe UnsafeMutableRawPointer(bitPattern: UInt(address))?.deallocate()
    #endif
  }

  private static func frames(_ count: Int) -> UInt64 {
    (UInt64(count) + Frame.size - 1) / Frame.size
  }
}
