// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "Quickstart",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "ConfigCatManagement", path: "../../../bindings/ffi/swift")],
    targets: [
        .executableTarget(
            name: "Quickstart",
            dependencies: [.product(name: "ConfigCatManagement", package: "ConfigCatManagement")]
        )
    ]
)
