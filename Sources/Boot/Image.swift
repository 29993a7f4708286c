// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart

  /// Where the parts of this image lie in memory, as virt.ld has placed them.
  public enum Image {
    /// Instructions.
    public static var text: Range<UInt64> {
      image_start()..<image_text_end_address()
    }

    /// What is never written.
    public static var constants: Range<UInt64> {
      image_constants_start_address()..<image_data_start_address()
    }

    /// Variables.
    public static var variables: Range<UInt64> {
      image_data_start_address()..<image_stacks_start_address()
    }

    /// The stack that explains a failure when the other one cannot.
    public static var emergencyStack: Range<UInt64> {
      emergency_stack_low_address()..<boot_stack_low_address()
    }

    /// The stack on which the boot hart starts.
    public static var bootStack: Range<UInt64> {
      boot_stack_low_address()..<boot_stack_high_address()
    }

    /// All of it.
    public static var all: Range<UInt64> {
      image_start()..<image_end_address()
    }
  }
#endif
