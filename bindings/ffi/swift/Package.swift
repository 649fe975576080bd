// swift-tools-version: 6.0
// Package manifest for builds from a checkout: `cargo xtask swift` writes the native library to `native/` and the generated
// bindings to `Sources/`, and the linker needs `-L` with the path of `native/`. A release contains the library as an
// XCFramework; see docs/swift.md.

import PackageDescription

let package = Package(
    name: "ConfigCatManagement",
    // The first versions with `Duration`.
    platforms: [.iOS(.v16), .macOS(.v13), .tvOS(.v16), .watchOS(.v9)],
    products: [
        .library(name: "ConfigCatManagement", targets: ["ConfigCatManagement"]),
        .library(name: "ConfigCatManagementTesting", targets: ["ConfigCatManagementTesting"]),
    ],
    targets: [
        .target(
            name: "ConfigCatManagementFFI",
            linkerSettings: [.linkedLibrary("configcat_management")]
        ),
        .target(name: "ConfigCatManagement", dependencies: ["ConfigCatManagementFFI"]),
        .target(
            name: "ConfigCatSimulatorFFI",
            linkerSettings: [.linkedLibrary("configcat_management_simulator")]
        ),
        .target(
            name: "ConfigCatManagementTesting",
            dependencies: ["ConfigCatManagement", "ConfigCatSimulatorFFI"]
        ),
        .testTarget(
            name: "ConfigCatManagementTests",
            dependencies: ["ConfigCatManagement", "ConfigCatManagementTesting"],
            path: "Tests"
        ),
    ],
    swiftLanguageModes: [.v6]
)
