// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "EmergencySwitch",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "EmergencySwitch", targets: ["EmergencySwitch"])],
    dependencies: [.package(name: "ConfigCatManagement", path: "../../../bindings/ffi/swift")],
    targets: [
        .target(
            name: "EmergencySwitch",
            dependencies: [.product(name: "ConfigCatManagement", package: "ConfigCatManagement")]
        ),
        .executableTarget(name: "emergency-switch", dependencies: ["EmergencySwitch"]),
        .testTarget(
            name: "EmergencySwitchTests",
            dependencies: [
                "EmergencySwitch",
                .product(name: "ConfigCatManagementTesting", package: "ConfigCatManagement"),
            ]
        ),
    ]
)
