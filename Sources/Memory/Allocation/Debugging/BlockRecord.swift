// SPDX-License-Identifier: BSD-3-Clause

/// What `DebugAllocator` keeps in front of a block.
///
///     ┌──────────────────────────────────────┬──────┬─ ─ ─ ─ ┬──────┐
///     │ next, previous, base, size, state,   │ red  │ block  │ red  │
///     │ calls at allocation and at release   │ zone │        │ zone │
///     └──────────────────────────────────────┴──────┴─ ─ ─ ─ ┴──────┘
///                                                   ▲ address
public struct BlockRecord {
  static let size: UInt64 = 192
  static let redZone: UInt64 = 16
  private static let callCount: UInt64 = 8

  // No byte has its highest bit set: as the address of an object, any of these
  // traps at once. (Swift counts no references at addresses with that bit.)
  static let redByte: UInt8 = 0x3C
  static let freshByte: UInt8 = 0x4E
  static let freedByte: UInt8 = 0x5A

  private static let inUse: UInt64 = 0x7573_6564_626C_6F63
  private static let released: UInt64 = 0x6672_6565_626C_6F63

  /// What the heap's user has.
  public let address: UInt64

  init(of address: UInt64) { self.address = address }

  private var record: UInt64 { address &- Self.size }

  var next: UInt64 {
    get { RawMemory[record] }
    nonmutating set { RawMemory[record] = newValue }
  }

  var previous: UInt64 {
    get { RawMemory[record + 8] }
    nonmutating set { RawMemory[record + 8] = newValue }
  }

  /// The base allocator's block that holds all this.
  var base: UInt64 {
    get { RawMemory[record + 16] }
    nonmutating set { RawMemory[record + 16] = newValue }
  }

  /// How many bytes were asked for.
  public internal(set) var size: UInt64 {
    get { RawMemory[record + 24] }
    nonmutating set { RawMemory[record + 24] = newValue }
  }

  // The state is mixed with the address: a copy elsewhere is no record.

  var isInUse: Bool { RawMemory[record + 32] == Self.inUse ^ address }

  var isReleased: Bool { RawMemory[record + 32] == Self.released ^ address }

  func setInUse() { RawMemory[record + 32] = Self.inUse ^ address }

  func setReleased() { RawMemory[record + 32] = Self.released ^ address }

  func erase() { RawMemory[record + 32] = 0 }

  /// The calls that led to the allocation; empty if nothing is known.
  public var allocatedAt: Calls { Calls(start: record + 48) }

  /// The calls that led to the release; empty before it.
  public var releasedAt: Calls { Calls(start: record + 112) }

  /// Return addresses, innermost first.
  public struct Calls {
    let start: UInt64

    /// Forgets all calls.
    func clear() {
      RawMemory.fill(start..<(start + callCount * 8), with: 0)
    }

    /// Keeps a call if there is room.
    func append(_ call: UInt64) {
      for index in 0..<callCount where RawMemory[start + index * 8] == 0 {
        RawMemory[start + index * 8] = call
        return
      }
    }

    /// Calls `visit` with each of them.
    public func forEach(_ visit: (UInt64) -> Void) {
      for index in 0..<callCount {
        let call = RawMemory[start + index * 8]
        guard call != 0 else { return }
        visit(call)
      }
    }
  }

  var bytes: Range<UInt64> { address..<(address + size) }

  var redZoneBefore: Range<UInt64> { (address - Self.redZone)..<address }

  var redZoneBehind: Range<UInt64> {
    (address + size)..<(address + size + Self.redZone)
  }

  func paintRedZones() {
    RawMemory.fill(redZoneBefore, with: Self.redByte)
    RawMemory.fill(redZoneBehind, with: Self.redByte)
  }

  /// What is wrong with a block in use; nil if nothing is.
  var damage: HeapFault? {
    if let place = RawMemory.firstOther(than: Self.redByte, in: redZoneBefore) {
      return .writtenBefore(place)
    }
    if let place = RawMemory.firstOther(than: Self.redByte, in: redZoneBehind) {
      return .writtenBehind(place)
    }
    return nil
  }

  /// What is wrong with a block that was released; nil if nothing is.
  var damageAfterRelease: HeapFault? {
    RawMemory.firstOther(than: Self.freedByte, in: bytes)
      .map { .writtenAfterRelease($0) } ?? damage
  }
}
