// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import CHart
  import Console
  import DeviceTree
  import Hart
  import Traps

  extension KernelMemory {
    /// Builds the kernel's address space and turns translation on.
    static func start() {
      let bootInfo = Board.bootInfo
      let start = Board.deviceTreeAddress
      let tree = (start..<start + UInt64(bootInfo.treeSize)).wholePages
      do throws(FrameError) {
        let first = try takeCharge(of: usableMemory(bootInfo, tree))
        unsafe space = try AddressSpace(
          tables: KernelTables(), hasMemoryTypes: bootInfo.hasMemoryTypes)
        mapEverything(first, tree)
      } catch {
        panic("there is too little memory: \(error.description)")
      }
      // Code, constants, variables and both stacks are mapped where they are.
      guard unsafe space?.activate() == true else {
        panic("this hart has no Sv39, which page tables need")
      }
      Trap.onPageFault { address in KernelMemory.describePage(at: address) }
    }

    private static func usableMemory(
      _ bootInfo: BootInfo, _ tree: Range<UInt64>
    ) -> AddressRanges<IdentityMemory> {
      // CHart has set the words aside for this and nothing else.
      var usable = AddressRanges(
        in: unsafe IdentityMemory(), at: hart_range_words_address())
      let fits = usable.insertUsable(
        bootInfo, image: Image.running.all, tree: tree,
        below: placesOfStacks.lowerBound)
      guard fits else { panic("memory is in more than 64 pieces") }
      return usable
    }

    private static func mapEverything(
      _ firstMegapage: Range<UInt64>, _ tree: Range<UInt64>
    ) {
      let image = Image.running
      do throws(MappingError) {
        try mapOwned(in: firstMegapage)
        try mapInPlace(image.text.wholePages, .readExecute)
        try mapInPlace(image.constants.wholePages, .readOnly)
        try mapInPlace(image.variables.wholePages, .readWrite)
        try mapInPlace(image.emergencyStack, .readWrite)
        try mapInPlace(image.bootStack, .readWrite)
        try mapInPlace(tree, .readOnly)
      } catch {
        panic("the image cannot be mapped: \(error.description)")
      }
    }

    /// Says what the page tables say of an address.
    private static func describePage(at address: UInt64) {
      guard let page = translate(address) else {
        print("  no page is mapped there")
        return
      }
      print("  that page may be \(page.protection.description)")
    }
  }

  extension Range<UInt64> {
    /// From the start of the first page to the end of the last.
    fileprivate var wholePages: Range<UInt64> {
      let end = (upperBound + Frame.size - 1).roundedDown(to: Frame.size)
      return lowerBound.roundedDown(to: Frame.size)..<end
    }
  }

  enum PagingStartup {
    @section(".init_table.2.10") @used
    static let entry: InitEntry = (
      start: { startPaging() }, stop: { return }
    )
  }

  /// The linker script asks whether an image has this function: only then does
  /// each kind of memory need pages of its own.
  @c(paging_start)
  @inline(never)
  public func startPaging() { KernelMemory.start() }
#endif
