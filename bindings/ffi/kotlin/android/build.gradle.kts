// The AAR: the sources of the Kotlin package with the library for the ABIs of Android. A recipe that has not run here, for it
// needs the Android SDK and NDK; .github/workflows/mobile.yml runs it where they are.
//
//   cargo install cargo-ndk
//   cargo xtask kotlin                # what uniffi writes
//   gradle -p bindings/ffi/kotlin/android assembleRelease

plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.21"
    `maven-publish`
}

group = "configcat-management"
version = "0.1.0"

val root = rootDir.resolve("../../../..")
val libraries = layout.buildDirectory.dir("jniLibs")

android {
    namespace = "configcat.management.android"
    compileSdk = 36
    // java.time without desugaring; what asks for less desugars.
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    sourceSets["main"].kotlin.srcDirs(
        "src/main/kotlin",
        "../client/bindings",
        "../client/src/bindings/kotlin",
        "../client/src/main/kotlin",
        "../client/src/generated/kotlin",
    )
    sourceSets["main"].jniLibs.srcDir(libraries)
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }
    publishing { singleVariant("release") { withSourcesJar() } }
}

kotlin { compilerOptions { jvmTarget.set(org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11) } }

/** The library, for the processors that Android runs on. */
val cargoNdk by tasks.registering(Exec::class) {
    workingDir = root
    // A twentieth of the library is relocations; Android reads them packed since API level 23.
    environment("RUSTFLAGS", "-C link-arg=-Wl,--pack-dyn-relocs=android")
    commandLine(
        "cargo", "ndk", "--platform", "26", "-o", libraries.get().asFile,
        "-t", "arm64-v8a", "-t", "armeabi-v7a", "-t", "x86_64", "-t", "x86",
        "build", "--profile", "mobile", "--package", "configcat-management-ffi",
        "--no-default-features", "--features", "mobile",
    )
}

tasks.named("preBuild") { dependsOn(cargoNdk) }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    implementation("rustls:rustls-platform-verifier:${verifier()}")
}

/** The version of the verifier's half in Java that fits the half in Rust: that of a crate which is there for its number. */
fun verifier(): String {
    val lock = root.resolve("Cargo.lock").readText()
    val entry = Regex("name = \"rustls-platform-verifier-android\"\nversion = \"([^\"]+)\"").find(lock)
    return checkNotNull(entry) { "Cargo.lock does not have the verifier" }.groupValues[1]
}

publishing {
    publications.register<MavenPublication>("release") {
        artifactId = "configcat-management-android"
        afterEvaluate { from(components["release"]) }
    }
}
