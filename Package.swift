// swift-tools-version: 6.2
// SPDX-License-Identifier: BSD-3-Clause

import PackageDescription

// The course, in tables. Everything that needs to know a chapter, a library or
// an exercise reads them: the images and tests below, the Makefile, the
// `swiftkraft` tool, the checks, the branches and the book.

/// chapter | name | title | state (ready, or draft while it is being written)
let courseTable = """
  1 | boot  | Boot  | ready
  2 | traps | Traps | ready
  3 | paging | Paging | ready
  4 | allocator | Allocator | ready
  5 | scheduler | Scheduler | ready
  6 | ipc | IPC | ready
  7 | block | Block drivers | ready
  """

/// library | wing | floor | introduced in chapter | what it imports
///
/// Sources/WING/LIBRARY is its folder, and Tests/WING/LIBRARYTests that of its
/// tests. A library imports lower floors only, and on its own floor what stands
/// above it in this table.
let libraryTable = """
  CHart      | Machine | 0 | 1 |
  Hart       | Machine | 0 | 1 | CHart
  SBI        | Machine | 1 | 1 | Hart
  Console    | Machine | 1 | 1 | Hart SBI
  DeviceTree | Machine | 1 | 1 | Hart
  Boot       | Machine | 2 | 1 | CHart Hart SBI Console DeviceTree
  Traps      | Machine | 2 | 2 | CHart Hart SBI Console DeviceTree Boot
  Paging     | Memory  | 2 | 3 | CHart Hart Console DeviceTree Boot Traps
  Allocation | Memory  | 2 | 4 | CHart Hart Console Boot Paging
  Interrupts | Machine | 2 | 7 | Hart DeviceTree Boot Traps Paging
  Random     | Machine | 2 | 7 | Hart DeviceTree Boot
  Scheduling | Threads | 3 | 5 | CHart Hart Console Boot Traps Paging
  Virtio     | Devices | 3 | 7 | CHart Hart Console DeviceTree Boot Paging Random
  IPC        | Threads | 4 | 6 | Hart Console Boot Scheduling
  Block      | Devices | 4 | 7 | Hart Console DeviceTree Interrupts Scheduling Virtio
  """

/// exercise | file | title | points | stars | minutes | builds on
let exerciseTable = """
  1.1 | Sizes       | Sizes that people read       | 10 | 1 | 20 | -
  1.2 | PatientPort | A port that may be dead      | 20 | 2 | 60 | -
  1.3 | RunMeter    | What the program costs       | 30 | 3 | 60 | -
  2.1 | TrapLine    | A trap in one line           | 10 | 1 | 25 | -
  2.2 | MemorySize  | How much memory there is     | 20 | 2 | 60 | -
  2.3 | Ticker      | Ticks that do not drift      | 30 | 3 | 90 | -
  3.1 | EntryLine   | A page table entry in words  | 10 | 1 | 25 | -
  3.2 | Walk        | The hart's way to an address | 20 | 2 | 60 | 3.1
  3.3 | LazyPages   | Pages that come when touched | 30 | 3 | 90 | -
  4.1 | LeakFinder  | Find the leak                | 15 | 1 | 40 | -
  4.2 | SlotPool    | A pool within a budget       | 20 | 2 | 60 | -
  4.3 | FirstFit    | First fit, merged            | 30 | 3 | 90 | -
  5.1 | TurnOrder   | Whose turn it is             | 10 | 1 | 25 | -
  5.2 | DueList     | Who wakes first              | 20 | 2 | 60 | -
  5.3 | StrideScheduling | Shares of the hart      | 30 | 3 | 90 | -
  6.1 | KeyReader   | A wake-up that is not lost   | 10 | 1 | 30 | -
  6.2 | Rendezvous  | Two threads swap values      | 20 | 2 | 60 | -
  6.3 | FairReadWriteLock | Readers and writers, both fair | 30 | 3 | 90 | -
  7.1 | ChainCheck  | A chain of descriptors, checked | 10 | 1 | 30 | -
  7.2 | Elevator    | Requests sorted and merged   | 20 | 2 | 60 | -
  7.3 | Mirror      | Two disks that hold the same | 30 | 3 | 90 | -
  """

/// flags for all Swift code of the board, and of an application outside of this
/// package, which the tool compiles
let boardFlagTable = """
  -enable-experimental-feature Embedded
  -wmo
  -Xfrontend -function-sections
  -Xcc -fno-omit-frame-pointer
  -Xfrontend -no-clang-module-breadcrumbs
  -enforce-exclusivity=unchecked
  """

/// The chapters whose programs expect a disk: `disk.sh` in their folders
/// makes it.
let chaptersWithDisk = [7]

/// The last chapter before there is a heap. What it introduces, and all
/// before it, is compiled so that the compiler proves that nothing allocates.
let lastChapterWithoutHeap = 3

/// What comes later and must not allocate either: an allocator, above all.
let heapFree = ["Allocation"]

// MARK: - Reading the tables

func rows(_ table: String) -> [[String]] {
  table.split(separator: "\n").map { line in
    line.split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.split(separator: " ").joined(separator: " ") }
  }
}

struct Library {
  let name: String
  let wing: String
  let chapter: Int
  let imports: [String]
  var folder: String { "Sources/\(wing)/\(name)" }
  var tests: String { "Tests/\(wing)/\(name)Tests" }
}

struct Chapter {
  let number: Int
  let name: String
  var folder: String { "chapters/ch\(number)-\(name)" }
}

let libraries = rows(libraryTable).map { row in
  Library(
    name: row[0], wing: row[1], chapter: Int(row[3]) ?? 0,
    imports: row[4].split(separator: " ").map(String.init))
}

struct Exercise {
  let name: String
  let file: String
  let chapter: Int
  /// `1_2` for the exercise 1.2.
  var suffix: String { name.split(separator: ".").joined(separator: "_") }
  var module: String { "Exercise_\(suffix)" }
  /// The condition under which its chapter uses it.
  var condition: SwiftSetting { .define("EXERCISE_\(suffix)") }
}

let chapters = rows(courseTable).map { row in
  Chapter(number: Int(row[0]) ?? 0, name: row[1])
}

/// The libraries that a program of this chapter may use.
func libraries(upTo chapter: Int) -> [String] {
  libraries.filter { $0.chapter <= chapter }.map(\.name)
}

// MARK: - Exercises

/// Whose answers are built: `mine` (the student's), `solutions`, or
/// `mutants-1`, `mutants-2` and so on, which are wrong in a known way.
///
/// Without it no answer is part of the package: an answer that does not compile
/// is in the way of nothing. The grader sets it, and builds one exercise after
/// the other.
let answers = Context.environment["SWIFTKRAFT_EXERCISES"]

let answerFolder =
  switch answers {
  case "solutions": "Solutions"
  case let name? where name.hasPrefix("mutants-"): "Mutants"
  default: "Exercises"
  }

/// The file that answers an exercise.
func answerFile(_ exercise: Exercise) -> String {
  let number = answerFolder == "Mutants" ? answers?.dropFirst(7) ?? "" : ""
  return "\(exercise.file)\(number).swift"
}

/// Whether the package is what the grader builds: answers, their checks, and
/// the chapters with an answer in them.
let isGrading = Context.environment["SWIFTKRAFT_GRADING"] != nil

func words(_ variable: String) -> [String] {
  (Context.environment[variable] ?? "").split(separator: " ").map(String.init)
}

/// Exercises whose files are not there, such as `1.2 2.1`.
let missing = words("SWIFTKRAFT_WITHOUT")

/// Exercises that the chapters' images use in place of the kernel's own code.
let plugged = words("SWIFTKRAFT_PLUG")

/// The folders beside a chapter's program; a class gets others.
let exerciseFolders = ["Exercises", "Hints", "Mutants", "Solutions"]

/// Chapters some of whose checks are the same for several exercises.
let chaptersWithSharedChecks = [6]

let exercises =
  answers == nil
  ? []
  : rows(exerciseTable).map { row in
    Exercise(
      name: row[0], file: row[1],
      chapter: Int(row[0].prefix { $0 != "." }) ?? 0)
  }
  .filter { !missing.contains($0.name) }

// MARK: - How code is compiled

/// `virt` while an image for that board is built, and nil on the host.
let board = Context.environment["SWIFTKRAFT_BOARD"]

let safety: [SwiftSetting] = [
  .strictMemorySafety(),
  .unsafeFlags(["-Werror", "StrictMemorySafety"]),
]

/// Libraries that tests call millions of times, with mutated input.
let fuzzed = ["Hart", "DeviceTree", "Allocation", "Virtio", "Block"]
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"])]

/// Libraries that define functions which the compiler calls by itself. Those
/// that call nothing else keep no frame: no backtrace begins in them.
let runtimes = ["Allocation", "Random"]

/// Libraries that run now and then, and seldom for long: compiled to be small.
/// What they do for each request of a device, or at each start, is marked to be
/// fast. The others are as fast as the compiler can make them.
let sizeOptimizedLibraries = [
  "SBI", "DeviceTree", "Boot", "Traps", "Paging", "Interrupts", "Random",
  "Virtio", "Block",
]

/// Libraries that go from one stack to another. The host's check of exclusive
/// access keeps a list for each stack, and cannot follow.
let switching = ["Scheduling", "IPC"]

/// Whether schedulers write down what they do. On the host, for the tests.
let tracing = board == nil || Context.environment["SWIFTKRAFT_TRACE"] != nil

/// In release images only: debug images stay easy to follow.
let forSize = SwiftSetting.unsafeFlags(
  [
    "-Osize", "-Xcc", "-msave-restore",
    // It would put code into functions that no line of source belongs to.
    "-Xllvm", "-enable-machine-outliner=never",
  ], .when(configuration: .release))

/// The rows of the table, as words. gdb complains about each C module that it
/// cannot find, hence no breadcrumbs; Embedded Swift's run-time check of
/// exclusive access is an empty function, hence none.
let boardFlags = rows(boardFlagTable).flatMap { row in
  row[0].split(separator: " ").map(String.init)
}

func swiftSettings(
  chapter: Int, of library: String = "", isSmall: Bool = false
) -> [SwiftSetting] {
  let trace: [SwiftSetting] = tracing ? [.define("TRACE")] : []
  guard board != nil else {
    var flags = fuzzed.contains(library) ? ["-O"] : []
    // Threads begin with chapter 5.
    if switching.contains(library) || (library.isEmpty && chapter >= 5) {
      flags.append("-enforce-exclusivity=unchecked")
    }
    return safety + trace + [.unsafeFlags(flags)]
  }
  var flags = boardFlags + ["-Werror", "EmbeddedRestrictions"]
  if chapter <= lastChapterWithoutHeap || heapFree.contains(library) {
    flags.append("-no-allocations")
  }
  // By this setting SwiftPM knows that there is no library to link.
  var features = ["Embedded"]
  if runtimes.contains(library) {
    features.append("AllowRuntimeSymbolDeclarations")
    flags += ["-Xcc", "-momit-leaf-frame-pointer"]
  }
  return safety + trace + features.map { .enableExperimentalFeature($0) }
    + [.unsafeFlags(flags)]
    + (isSmall || sizeOptimizedLibraries.contains(library) ? [forSize] : [])
}

let boardC: [CSetting] = [
  .unsafeFlags([
    "-ffreestanding", "-fno-builtin", "-mcmodel=medany", "-ffunction-sections",
    "-fno-omit-frame-pointer",
  ])
]

/// Every image links CHart, and SwiftPM hands these on from there: an
/// application in a package of its own gets them as well.
let imageLinker: [LinkerSetting] = [
  .unsafeFlags([
    "-use-ld=lld", "-nostartfiles",
    "-Xclang-linker", "-nostdlib", "-Xclang-linker", "-nostartfiles",
    "-Xlinker", "-T",
    "-Xlinker", "\(Context.packageDirectory)/Sources/Machine/CHart/virt.ld",
    "-Xlinker", "--gc-sections",
  ])
]

// MARK: - Targets

let libraryTargets: [Target] = libraries.map { library in
  guard library.name != "CHart" else {
    return .target(
      name: library.name, path: library.folder, exclude: ["virt.ld"],
      cSettings: board == nil ? [] : boardC,
      linkerSettings: board == nil ? [] : imageLinker)
  }
  return .target(
    name: library.name,
    dependencies: library.imports.map { .init(stringLiteral: $0) },
    path: library.folder,
    swiftSettings: swiftSettings(chapter: library.chapter, of: library.name))
}

/// A bootable program: one file of top-level code and the libraries it links.
func image(
  _ name: String, at path: String, chapter: Int, libraries names: [String],
  exclude: [String] = [], conditions: [SwiftSetting] = [],
  isSmall: Bool = false
) -> Target {
  .executableTarget(
    name: name, dependencies: names.map { .init(stringLiteral: $0) },
    path: path, exclude: exclude, sources: ["main.swift"],
    swiftSettings: swiftSettings(chapter: chapter, isSmall: isSmall)
      + conditions)
}

/// While the grader builds, they have names of their own: an image that
/// somebody runs is never one that was made to be graded.
let chapterImages = chapters.map { chapter in
  let used = exercises.filter {
    plugged.contains($0.name) && $0.chapter == chapter.number
  }
  return image(
    "ch\(chapter.number)" + (isGrading ? "-graded" : ""), at: chapter.folder,
    chapter: chapter.number,
    libraries: libraries(upTo: chapter.number) + used.map(\.module),
    exclude: ["README.md", "qemu-test.sh"] + exerciseFolders
      + (chaptersWithDisk.contains(chapter.number) ? ["disk.sh"] : []),
    conditions: used.map(\.condition), isSmall: true)
}

// MARK: - Grading

/// What is compiled for the host and for the board alike: each exercise is a
/// module, and reaches the libraries of its chapter and `todo`, nothing else.
let exerciseTargets: [Target] = exercises.compactMap { exercise in
  guard let chapter = chapters.first(where: { $0.number == exercise.chapter })
  else { return nil }
  return .target(
    name: exercise.module,
    dependencies: (libraries(upTo: chapter.number) + ["Todo"])
      .map { .init(stringLiteral: $0) },
    path: "\(chapter.folder)/\(answerFolder)",
    exclude: exercises.filter {
      $0.chapter == chapter.number && $0.name != exercise.name
    }.map(answerFile),
    sources: [answerFile(exercise)],
    swiftSettings: swiftSettings(chapter: chapter.number))
}

/// The program that grades an exercise, `grade-1.2`: it links this one and no
/// other.
let checkTargets: [Target] =
  !isGrading
  ? []
  : exercises.map { exercise in
    let shared =
      chaptersWithSharedChecks.contains(exercise.chapter)
      ? ["Ch\(exercise.chapter)Shared"] : []
    return .executableTarget(
      name: "grade-\(exercise.name)",
      dependencies: (libraries(upTo: exercise.chapter)
        + ["Grading", exercise.module] + shared)
        .map { .init(stringLiteral: $0) },
      path: "Tests/Exercises/Ch\(exercise.chapter)Checks/\(exercise.file)",
      swiftSettings: swiftSettings(chapter: exercise.chapter))
  }

let sharedCheckTargets: [Target] =
  !isGrading
  ? []
  : chaptersWithSharedChecks.filter { number in
    chapters.contains { $0.number == number }
  }
  .map { number in
    .target(
      name: "Ch\(number)Shared",
      dependencies: (libraries(upTo: number) + ["Grading"])
        .map { .init(stringLiteral: $0) },
      path: "Tests/Exercises/Ch\(number)Checks/Shared",
      swiftSettings: swiftSettings(chapter: number))
  }

let gradingTargets: [Target] =
  [("Grading", "Tests/Grading"), ("Todo", "Tests/Todo")].map { name, path in
    .target(
      name: name,
      dependencies: libraries(upTo: 1).map { .init(stringLiteral: $0) },
      path: path, swiftSettings: swiftSettings(chapter: 1))
  } + exerciseTargets + sharedCheckTargets + checkTargets

// MARK: - The host's side

/// What the tool does, each a module. The programs below link what they need,
/// so that the first boot compiles `Runner` and nothing else of these.
let toolModules: [(name: String, imports: [String])] = [
  ("Runner", []),
  ("Inspecting", ["Runner"]),
  ("Tracing", ["Runner"]),
  ("Benchmarks", ["Runner", "Inspecting"]),
  ("ExerciseGrading", ["Runner", "Grading", "Hart"]),
  ("Publishing", ["Runner", "Benchmarks", "ExerciseGrading"]),
]

let toolPrograms: [(name: String, imports: [String])] = [
  ("swiftkraft", ["Runner"]),
  ("swiftkraft-inspect", ["Inspecting"]),
  ("swiftkraft-trace", ["Tracing"]),
  ("swiftkraft-bench", ["Benchmarks"]),
  ("swiftkraft-grade", ["ExerciseGrading"]),
  ("swiftkraft-publish", ["Publishing"]),
]

/// What runs on the developer's machine: the tool and its parts. None of it is
/// part of an image.
let hostTargets: [Target] =
  toolModules.map { name, imports in
    .target(
      name: name, dependencies: imports.map { .init(stringLiteral: $0) },
      path: "Sources/Tool/\(name)", swiftSettings: safety)
  }
  + toolPrograms.map { name, imports in
    .executableTarget(
      name: name, dependencies: imports.map { .init(stringLiteral: $0) },
      path: "Sources/Tool/\(name)",
      exclude: name == "swiftkraft" ? ["setup.sh"] : [], swiftSettings: safety)
  }

/// What tests of several libraries need: numbers for a seed, and a hart for each
/// test.
let testSupport = Target.target(
  name: "TestSupport", dependencies: ["Hart"], path: "Tests/TestSupport",
  swiftSettings: optimized)

/// Devices for the tests of drivers.
let simulatedDevices: [Target] =
  libraries.contains { $0.name == "Block" }
  ? [
    .target(
      name: "SimulatedDevices", dependencies: ["CHart", "Hart", "Virtio"],
      path: "Tests/Devices/SimulatedDevices", swiftSettings: safety + optimized)
  ] : []

/// The libraries whose tests use them.
let driverLibraries = ["Interrupts", "Virtio", "Block"]

/// `NAMETests` tests the module NAME; the last two need the whole tree.
let tests: [Target] =
  libraries.filter { $0.name != "CHart" }.map { library in
    .testTarget(
      name: "\(library.name)Tests",
      dependencies: (library.name == "Hart" ? [] : ["Hart"]) + ["TestSupport"]
        + (driverLibraries.contains(library.name) ? ["SimulatedDevices"] : [])
        + [.init(stringLiteral: library.name)],
      path: library.tests)
  } + [
    .testTarget(
      name: "GradingTests",
      dependencies: ["Grading", "Todo", "Boot", "Console", "Hart"]),
    .testTarget(
      name: "RunnerTests",
      dependencies: (toolModules + toolPrograms)
        .map { .init(stringLiteral: $0.name) },
      path: "Tests/Tool/RunnerTests"),
    .testTarget(name: "ExerciseTests", dependencies: ["ExerciseGrading"]),
    .testTarget(
      name: "GraderTests", dependencies: ["ExerciseGrading", "Publishing"]),
    .testTarget(
      name: "CourseTests",
      dependencies: (toolModules + toolPrograms)
        .map { .init(stringLiteral: $0.name) },
      exclude: [
        "budgets.txt", "frames.awk", "other-systems.txt",
        "test-branches.sh",
        "unsafe-marks.txt",
      ]),
  ]

/// Programs that the tests boot: what every image can do, and images broken on
/// purpose, one for each failure that the runner explains. The number is the
/// last chapter whose libraries they use.
let testImages = [
  ("block-checks", 7), ("block-cut", 7), ("block-slow", 7),
  ("block-stress", 7),
  ("crash-bare", 1), ("crash-own-heap", 5), ("crash-threads", 5),
  ("crash-traps", 2),
  ("faults", 2), ("hangs", 1), ("hello", 1), ("init-order", 1), ("input", 1),
  ("heap-choice", 4), ("heap-exhausted", 4), ("heap-faults", 4),
  ("heap-functions", 4), ("heap-interrupts", 4), ("idle", 5),
  ("ipc-misuse", 6), ("ipc-stress", 6), ("measure-block", 7),
  ("measure-heap", 4), ("measure-ipc", 6),
  ("measure-threads", 5), ("measure-tree", 7),
  ("memory", 1), ("overflow", 1), ("page-faults", 3), ("pages", 3),
  ("panic-in-panic", 1), ("panics", 1), ("pretender", 1),
  ("random", 7),
  ("reboots", 1), ("run-time-failure", 1), ("serial", 1), ("silent", 1),
  ("sleepers", 5), ("standstill", 5), ("standstill-disk", 7),
  ("thread-interrupts", 5), ("thread-overflow", 5),
].filter { $0.1 <= (chapters.last?.number ?? 0) }.map { name, chapter in
  image(
    name, at: "Tests/Images/\(name)", chapter: chapter,
    libraries: libraries(upTo: chapter)
      + (name.hasPrefix("crash-") ? ["Crashing"] : []))
}

/// What the images called `crash-…` have in common: the ways to crash.
let crashing = Target.target(
  name: "Crashing",
  dependencies: libraries(upTo: 1).map { .init(stringLiteral: $0) },
  path: "Tests/Crashing", swiftSettings: swiftSettings(chapter: 1))

/// What is built beside the libraries.
let programs: [Target] =
  switch (isGrading, board) {
  case (true, nil): []
  case (true, _): chapterImages
  case (false, nil): hostTargets + [testSupport] + simulatedDevices + tests
  case (false, _): chapterImages + testImages + [crashing]
  }

let package = Package(
  name: "swiftkraft",
  // What the host's side uses of the standard library needs this on a Mac.
  platforms: [.macOS(.v26)],
  // For packages outside of this one: each library by its own name.
  products: libraries.map { .library(name: $0.name, targets: [$0.name]) },
  targets: libraryTargets + gradingTargets + programs)
