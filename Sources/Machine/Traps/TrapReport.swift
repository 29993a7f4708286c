// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

/// A trap in words: what happened, and what lies at the addresses involved.
///
///     nothing can be loaded there
///       the instruction at 0x80201234, in the program's code
///       used the address 0x0, in the first page, where a null pointer leads
public struct TrapReport {
  let reason: TrapReason
  private let pc: UInt64
  let value: UInt64
  private let map: AddressMap

  /// What happened in `frame`, with the places that `map` knows.
  @export(interface)
  public init(of frame: TrapFrame, on map: AddressMap) {
    reason = frame.reason
    pc = frame.pc
    value = frame.value
    self.map = map
  }

  /// Writes the lines below the name of the trap, each indented by two.
  public func write<Output: TextOutput>(to output: inout Output) {
    output.write("  the instruction at ")
    write(pc, to: &output)
    guard case .exception(let exception) = reason else { return }
    switch exception.valueMeaning {
    case .nothing: break
    case .instruction:
      output.write("  its bits are ")
      output.write(hex: value, digits: value >> 16 == 0 ? 4 : 8)
      output.write("\n")
    case .address where value == pc: break
    case .address:
      output.write("  used the address ")
      write(value, to: &output)
    }
  }

  private func write<Output: TextOutput>(
    _ address: UInt64, to output: inout Output
  ) {
    output.write(hex: address, digits: 8)
    output.write(", ")
    output.write(map.kind(of: address).description)
    output.write("\n")
  }

}

#if arch(riscv64)
  extension TrapReport {
    /// Writes the lines to the system console, and for a page fault one more,
    /// about the page.
    @export(interface)
    public func print() {
      var console = SystemConsole()
      write(to: &console)
      if case .exception(let exception) = reason, exception.isPageFault {
        Trap.describePage(at: value)
      }
    }
  }

  extension AddressMap {
    /// The running image on this board.
    public static var board: AddressMap {
      AddressMap(
        image: .running, tree: Board.deviceTree, bootInfo: Board.bootInfo)
    }
  }
#endif
