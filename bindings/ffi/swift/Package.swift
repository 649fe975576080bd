// swift-tools-version: 6.0
// The package as it is built from a checkout: `cargo xtask swift` puts the library and what uniffi writes in their places,
// and says where the library is. A release has the library as an XCFramework; see docs/swift.md.

import PackageDescription

let package = Package(
    name: "ConfigCatManagement",
    platforms: [.iOS(.v15), .macOS(.v12), .tvOS(.v15), .watchOS(.v8)],
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
