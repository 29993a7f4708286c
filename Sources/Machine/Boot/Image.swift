// SPDX-License-Identifier: BSD-3-Clause

/// Where the parts of an image lie in memory.
public struct Image: Sendable {
  /// Instructions.
  public var text: Range<UInt64>
  /// What is never written.
  public var constants: Range<UInt64>
  /// Variables.
  public var variables: Range<UInt64>
  /// The stack that explains a failure when the other one cannot.
  public var emergencyStack: Range<UInt64>
  /// The stack on which the boot hart starts.
  public var bootStack: Range<UInt64>
  /// What no one may touch: below the emergency stack.
  public var emergencyStackGuard: Range<UInt64>
  /// What no one may touch: below the boot stack, where it would overflow.
  public var bootStackGuard: Range<UInt64>

  /// From the first byte to the last, and the stacks where they lie behind it.
  public var all: Range<UInt64> {
    text.lowerBound..<max(variables.upperBound, bootStack.upperBound)
  }
}

#if arch(riscv64)
  import CHart

  extension Image {
    /// The image that is running, as virt.ld has placed it.
    public static var running: Image {
      Image(
        text: image_start()..<image_text_end_address(),
        constants: image_constants_start_address()..<image_data_start_address(),
        variables: image_data_start_address()..<image_stacks_start_address(),
        emergencyStack:
          emergency_stack_low_address()..<emergency_stack_high_address(),
        bootStack: boot_stack_low_address()..<boot_stack_high_address(),
        emergencyStackGuard:
          emergency_guard_low_address()..<emergency_stack_low_address(),
        bootStackGuard: boot_guard_low_address()..<boot_stack_low_address())
    }
  }
#endif
