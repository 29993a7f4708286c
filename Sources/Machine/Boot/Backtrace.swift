// SPDX-License-Identifier: BSD-3-Clause

/// The calls that led to a place in the code, innermost first.
///
/// Every function keeps its caller's address at its frame pointer (s0):
///
///     s0 ──▶ ┌─────────────────────┐ higher addresses
///      -8    │ return address (ra) │──▶ a place in the caller
///      -16   │ caller's s0         │──▶ the caller's frame, and so on
///            └─────────────────────┘
///
/// (RISC-V ELF psABI, section "Frame Pointer Convention".) A broken stack may
/// hold anything there, so each frame must lie within the stack, be aligned,
/// and lie above the one before; the walk ends at the first that does not.
public enum Backtrace {
  /// More calls than this are not followed.
  public static let limit = 32

  /// The callers of the function whose frame pointer is `framePointer`.
  ///
  /// - Parameters:
  ///   - framePointer: The register s0 of that function.
  ///   - stack: The addresses in which frames may lie.
  ///   - load: Reads the eight bytes at an address in `stack`.
  ///   - visit: Called for each caller, with the address after its call.
  public static func walk(
    from framePointer: UInt64, within stack: Range<UInt64>,
    load: (UInt64) -> UInt64?, visit: (_ returnAddress: UInt64) -> Void
  ) {
    var frame = framePointer
    for _ in 0..<limit {
      guard frame % 16 == 0, frame <= stack.upperBound,
        frame >= 16, frame - 16 >= stack.lowerBound,
        let caller = load(frame - 8), let next = load(frame - 16),
        caller != 0
      else { return }
      visit(caller)
      guard next > frame else { return }
      frame = next
    }
  }
}
