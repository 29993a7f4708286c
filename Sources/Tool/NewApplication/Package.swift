// swift-tools-version: 6.2
//
// An application on Swiftkraft. `make run` builds it for the board and boots
// it; the flags for that are Swiftkraft's own.

import PackageDescription

/// The parts of the kernel that the program imports. Classes, arrays and
/// strings need `Allocation`; threads need `Scheduling` and `Allocation`.
let libraries = ["Boot", "Console"]

let package = Package(
  name: "Application",
  dependencies: [
    .package(name: "swiftkraft", path: "../swiftkraft")
  ],
  targets: [
    .executableTarget(
      name: "Application",
      dependencies: libraries.map { .product(name: $0, package: "swiftkraft") },
      path: ".", exclude: ["Makefile", "README.md"], sources: ["main.swift"])
  ])
