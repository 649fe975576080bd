#!/usr/bin/env bash
# Builds the XCFrameworks of a release, on a Mac with Xcode and rustup: that of the client, and that of the simulator, which the
# product ConfigCatManagementTesting needs. This script has not been run here.
#
#   bindings/ffi/swift/xcframework.sh    # target/swift/ConfigCat{Management,Simulator}FFI.xcframework.zip, and their checksums
set -euo pipefail
cd "$(dirname "$0")/../../.."

out=target/swift
targets=(aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin)
# The oldest versions that Package.swift declares.
export IPHONEOS_DEPLOYMENT_TARGET=16.0 MACOSX_DEPLOYMENT_TARGET=13.0

rustup target add "${targets[@]}"
for target in "${targets[@]}"; do
    cargo build --locked --profile mobile --target "$target" --target-dir target --package configcat-management-ffi \
        --no-default-features --features mobile
    cargo build --locked --release --target "$target" --target-dir target --package configcat-simulator-ffi
done

cargo --locked xtask swift

# Packs a static library: framework, profile of cargo, name of the library.
pack() {
    local framework=$1 profile=$2 name=$3
    local headers=$out/$framework.headers
    rm -rf "$out/$framework.xcframework" "$headers"
    mkdir -p "$headers/$framework" "$out/sim" "$out/mac"
    cp "bindings/ffi/swift/Sources/$framework/include/"* "$headers/$framework/"
    # One slice per platform: simulators and Macs have two architectures each, which are combined into one file.
    lipo -create target/{aarch64-apple-ios-sim,x86_64-apple-ios}/"$profile/$name" -output "$out/sim/$name"
    lipo -create target/{aarch64,x86_64}-apple-darwin/"$profile/$name" -output "$out/mac/$name"
    xcodebuild -create-xcframework \
        -library "target/aarch64-apple-ios/$profile/$name" -headers "$headers" \
        -library "$out/sim/$name" -headers "$headers" \
        -library "$out/mac/$name" -headers "$headers" \
        -output "$out/$framework.xcframework"
    (
        cd "$out"
        zip --quiet --recurse-paths "$framework.xcframework.zip" "$framework.xcframework"
        swift package compute-checksum "$framework.xcframework.zip"
    )
}

pack ConfigCatManagementFFI mobile libconfigcat_management.a
pack ConfigCatSimulatorFFI release libconfigcat_management_simulator.a
echo "In Package.swift, the targets ConfigCatManagementFFI and ConfigCatSimulatorFFI become binaryTargets with these checksums."
