// swift-tools-version: 6.2
// SPDX-License-Identifier: BSD-3-Clause

import PackageDescription

// The course, in two tables. Everything that needs to know a chapter or a
// library reads them: the images and tests below, the Makefile, the
// `swiftkraft` tool, the checks, the branches and the book.

/// chapter | name | title | state (ready, or draft while it is being written)
let courseTable = """
  1 | boot  | Boot  | ready
  2 | traps | Traps | ready
  """

/// library | floor | introduced in chapter | what it imports
///
/// A library imports lower floors only, and on its own floor what stands
/// above it in this table.
let libraryTable = """
  CHart      | 0 | 1 |
  Hart       | 0 | 1 | CHart
  SBI        | 1 | 1 | Hart
  Console    | 1 | 1 | Hart SBI
  DeviceTree | 1 | 1 | Hart
  Boot       | 2 | 1 | CHart Hart SBI Console DeviceTree
  Traps      | 2 | 2 | CHart Hart SBI Console DeviceTree Boot
  """

/// The last chapter before there is a heap. What it introduces, and all
/// before it, is compiled so that the compiler proves that nothing allocates.
let lastChapterWithoutHeap = 3

// MARK: - Reading the tables

func rows(_ table: String) -> [[String]] {
  table.split(separator: "\n").map { line in
    line.split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.split(separator: " ").joined(separator: " ") }
  }
}

struct Library {
  let name: String
  let chapter: Int
  let imports: [String]
}

struct Chapter {
  let number: Int
  let name: String
}

let libraries = rows(libraryTable).map { row in
  Library(
    name: row[0], chapter: Int(row[2]) ?? 0,
    imports: row[3].split(separator: " ").map(String.init))
}

let chapters = rows(courseTable).map { row in
  Chapter(number: Int(row[0]) ?? 0, name: row[1])
}

// MARK: - How code is compiled

/// `virt` while an image for that board is built, and nil on the host.
let board = Context.environment["SWIFTKRAFT_BOARD"]

let safety: [SwiftSetting] = [
  .strictMemorySafety(),
  .unsafeFlags(["-Werror", "StrictMemorySafety"]),
]

/// Libraries that tests call millions of times, with mutated input.
let fuzzed = ["Hart", "DeviceTree"]

func swiftSettings(chapter: Int, of library: String = "") -> [SwiftSetting] {
  guard board != nil else {
    return safety + (fuzzed.contains(library) ? [.unsafeFlags(["-O"])] : [])
  }
  var flags = [
    "-wmo", "-Xfrontend", "-function-sections", "-Xcc",
    "-fno-omit-frame-pointer", "-Werror", "EmbeddedRestrictions",
    // gdb complains about each C module that it cannot find.
    "-Xfrontend", "-no-clang-module-breadcrumbs",
    // Embedded Swift's run-time check of exclusive access is an empty function.
    "-enforce-exclusivity=unchecked",
  ]
  if chapter <= lastChapterWithoutHeap { flags.append("-no-allocations") }
  return safety + [.enableExperimentalFeature("Embedded"), .unsafeFlags(flags)]
}

let boardC: [CSetting] = [
  .unsafeFlags([
    "-ffreestanding", "-fno-builtin", "-mcmodel=medany", "-ffunction-sections",
    "-fno-omit-frame-pointer",
  ])
]

let imageLinker: [LinkerSetting] = [
  .unsafeFlags([
    "-use-ld=lld", "-nostartfiles",
    "-Xclang-linker", "-nostdlib", "-Xclang-linker", "-nostartfiles",
    "-Xlinker", "-T",
    "-Xlinker", "\(Context.packageDirectory)/Sources/CHart/virt.ld",
    "-Xlinker", "--gc-sections",
  ])
]

// MARK: - Targets

let libraryTargets: [Target] = libraries.map { library in
  guard library.name != "CHart" else {
    return .target(
      name: library.name, exclude: ["virt.ld"],
      cSettings: board == nil ? [] : boardC)
  }
  return .target(
    name: library.name,
    dependencies: library.imports.map { .init(stringLiteral: $0) },
    swiftSettings: swiftSettings(chapter: library.chapter, of: library.name))
}

/// A bootable program: one file of top-level code and the libraries it links.
func image(
  _ name: String, at path: String, chapter: Int, libraries names: [String],
  exclude: [String] = []
) -> Target {
  .executableTarget(
    name: name, dependencies: names.map { .init(stringLiteral: $0) },
    path: path, exclude: exclude, sources: ["main.swift"],
    swiftSettings: swiftSettings(chapter: chapter), linkerSettings: imageLinker)
}

let chapterImages = chapters.map { chapter in
  image(
    "ch\(chapter.number)", at: "chapters/ch\(chapter.number)-\(chapter.name)",
    chapter: chapter.number,
    libraries: libraries.filter { $0.chapter <= chapter.number }.map(\.name),
    exclude: ["README.md", "qemu-test.sh"])
}

// MARK: - The host's side

/// What runs on the developer's machine: the tool and its parts. None of it is
/// part of an image.
let hostTargets: [Target] = [
  .target(name: "Runner", swiftSettings: safety),
  .executableTarget(
    name: "swiftkraft", dependencies: ["Runner"], exclude: ["setup.sh"],
    swiftSettings: safety),
]

/// `Tests/NAMETests` tests the module NAME; the last two need the whole tree.
let tests: [Target] =
  libraries.map(\.name).filter { $0 != "CHart" }.map { name in
    .testTarget(
      name: "\(name)Tests",
      dependencies: (name == "Hart" ? [] : ["Hart"])
        + [.init(stringLiteral: name)])
  } + [
    .testTarget(name: "RunnerTests", dependencies: ["Runner", "swiftkraft"]),
    .testTarget(name: "CourseTests", dependencies: ["Runner", "swiftkraft"]),
  ]

/// Programs that the tests boot: what every image can do, and images broken on
/// purpose, one for each failure that the runner explains. The number is the
/// last chapter whose libraries they use.
let testImages = [
  ("faults", 2), ("hangs", 1), ("hello", 1), ("init-order", 1), ("input", 1),
  ("memory", 1), ("overflow", 1), ("panic-in-panic", 1), ("panics", 1),
  ("reboots", 1), ("run-time-failure", 1), ("serial", 1), ("silent", 1),
].filter { $0.1 <= (chapters.last?.number ?? 0) }.map { name, chapter in
  image(
    name, at: "Tests/Images/\(name)", chapter: chapter,
    libraries: libraries.filter { $0.chapter <= chapter }.map(\.name))
}

let package = Package(
  name: "swiftkraft",
  targets: libraryTargets
    + (board == nil ? hostTargets + tests : chapterImages + testImages))
