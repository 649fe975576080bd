// swift-tools-version: 6.0
// Swift benchmark; `cargo xtask bench swift` builds the library first.

import PackageDescription

let package = Package(
    name: "Bench",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "ConfigCatManagement", path: "../../../bindings/ffi/swift")],
    targets: [
        .executableTarget(
            name: "Bench",
            dependencies: [.product(name: "ConfigCatManagement", package: "ConfigCatManagement")]
        )
    ],
    swiftLanguageModes: [.v6]
)
