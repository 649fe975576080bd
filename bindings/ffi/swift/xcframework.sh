#!/usr/bin/env bash
# Builds the XCFramework of a release, on a Mac with Xcode and rustup. This script has not been run here.
#
#   bindings/ffi/swift/xcframework.sh    # target/swift/ConfigCatManagementFFI.xcframework.zip, and its checksum
set -euo pipefail
cd "$(dirname "$0")/../../.."

out=target/swift
headers=$out/headers
name=libconfigcat_management.a
targets=(aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin)

rustup target add "${targets[@]}"
for target in "${targets[@]}"; do
    cargo build --locked --profile mobile --target "$target" --target-dir target --package configcat-management-ffi \
        --no-default-features --features mobile
done

cargo --locked xtask swift
rm -rf "$out/ConfigCatManagementFFI.xcframework" "$headers"
mkdir -p "$headers/ConfigCatManagementFFI"
cp bindings/ffi/swift/Sources/ConfigCatManagementFFI/include/* "$headers/ConfigCatManagementFFI/"

# One slice per platform: simulators and Macs have two architectures each, which are combined into one file.
mkdir -p "$out/sim" "$out/mac"
lipo -create target/{aarch64-apple-ios-sim,x86_64-apple-ios}/mobile/$name -output "$out/sim/$name"
lipo -create target/{aarch64,x86_64}-apple-darwin/mobile/$name -output "$out/mac/$name"
xcodebuild -create-xcframework \
    -library "target/aarch64-apple-ios/mobile/$name" -headers "$headers" \
    -library "$out/sim/$name" -headers "$headers" \
    -library "$out/mac/$name" -headers "$headers" \
    -output "$out/ConfigCatManagementFFI.xcframework"

cd "$out"
zip --quiet --recurse-paths ConfigCatManagementFFI.xcframework.zip ConfigCatManagementFFI.xcframework
swift package compute-checksum ConfigCatManagementFFI.xcframework.zip
echo "In Package.swift, the target ConfigCatManagementFFI becomes a binaryTarget with this checksum."
