// SPDX-License-Identifier: BSD-3-Clause

/// Stretches of blocks that a table has given away: to partitions, and to
/// itself. Which of them have blocks in common is looked at when all are known.
///
///     ┌───────┬─────────┬──────────────────────────────────────┐
///     │ table │ 1       │ 2, extended: ┌───────┬───┐           │
///     └───────┴─────────┤              │ table │ 5 │ …         │
///                       └──────────────┴───────┴───┴───────────┘
///
/// What lies in an extended partition may overlap that one, and nothing else.
struct FoundPartitions {
  /// Blocks that have been given away.
  private struct Claim {
    let blocks: Extent
    /// The number of the partition; 0 if it is a part of the table.
    let number: Int
    /// The number of the extended partition that it lies in, or 0.
    let parent: Int
    /// What comes out; nil for a part of the table, and for an extended
    /// partition.
    let partition: Partition?
  }

  private var claims: [Claim] = []
  /// What was found to be wrong so far.
  private(set) var damage: [PartitionDamage] = []

  /// Something is wrong.
  @inline(never)
  mutating func note(_ damage: PartitionDamage) { self.damage.append(damage) }

  /// The table itself takes these blocks.
  mutating func addTable(_ blocks: Extent, within parent: Int = 0) {
    append(Claim(blocks: blocks, number: 0, parent: parent, partition: nil))
  }

  @inline(never)
  private mutating func append(_ claim: Claim) { claims.append(claim) }

  /// Whether a part of the table begins at `block`.
  func hasTable(at block: UInt64) -> Bool {
    for claim in claims
    where claim.number == 0 && claim.blocks.first == block {
      return true
    }
    return false
  }

  /// Adds what an entry says.
  ///
  /// - Parameters:
  ///   - number: The entry's number.
  ///   - blocks: Where the partition is.
  ///   - kind: What it is for; nil for an extended partition, which does not
  ///     come out.
  ///   - name: Its name, if the table has names.
  ///   - parent: The number of the extended partition that it lies in, or 0.
  ///   - bounds: Where partitions must be.
  ///   - disk: Where they must be at least.
  @inline(never)
  mutating func add(
    _ number: Int, _ blocks: Extent, _ kind: Partition.Kind?,
    _ name: ShortName = ShortName(), within parent: Int = 0,
    bounds: Extent, of disk: BlockReader
  ) {
    guard blocks.count > 0, disk.all.contains(blocks) else {
      return note(PartitionDamage(.outOfRange, number))
    }
    let partition = kind.map {
      Partition(
        of: disk.device, disk.sectors(blocks), number: number, $0, name)
    }
    append(
      Claim(
        blocks: blocks, number: number, parent: parent, partition: partition))
    guard !bounds.contains(blocks) else { return }
    partition?.markDamaged()
    note(PartitionDamage(.outside, number))
  }

  /// The partitions, when all entries have been added. Costs a comparison for
  /// each pair of them.
  mutating func partitions() -> [Partition] {
    var partitions: [Partition] = []
    for index in claims.indices {
      findOverlap(of: index)
      if let partition = claims[index].partition {
        partitions.append(partition)
      }
    }
    return partitions
  }

  /// Notes whether a partition overlaps something; the first is enough.
  private mutating func findOverlap(of index: Int) {
    let claim = claims[index]
    guard claim.number != 0, claim.partition?.isDamaged != true else { return }
    for place in claims.indices where place != index {
      let other = claims[place]
      let isInside = claim.parent != 0 && claim.parent == other.number
      guard claim.blocks.overlaps(other.blocks), !isInside,
        other.parent != claim.number
      else { continue }
      claim.partition?.markDamaged()
      return note(
        PartitionDamage(.overlap, claim.number, other: other.number))
    }
  }
}
