// Builds the AAR: the sources of the Kotlin package, with the native library for the Android ABIs. This build has not been run
// here, because it needs the Android SDK and NDK; .github/workflows/mobile.yml runs it.
//
//   cargo install --locked cargo-ndk --version 4.1.2
//   cargo xtask kotlin                # generate the bindings
//   gradle -p bindings/ffi/kotlin/android assembleRelease

plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.21"
    `maven-publish`
}

group = "io.github.configcat-management"
version = "0.1.0"

val root = rootDir.resolve("../../../..")
val libraries = layout.buildDirectory.dir("jniLibs")

android {
    namespace = "configcat.management.android"
    compileSdk = 36
    // First API level with java.time; applications with a lower minSdk need desugaring.
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

/** Builds the native library for the Android ABIs. */
val cargoNdk by tasks.registering(Exec::class) {
    workingDir = root
    // Relocations are a twentieth of the library; Android supports packed ones since API level 23.
    environment("RUSTFLAGS", "-C link-arg=-Wl,--pack-dyn-relocs=android")
    commandLine(
        "cargo", "ndk", "--platform", "26", "-o", libraries.get().asFile,
        "-t", "arm64-v8a", "-t", "armeabi-v7a", "-t", "x86_64", "-t", "x86",
        "build", "--locked", "--profile", "mobile", "--package", "configcat-management-ffi",
        "--no-default-features", "--features", "mobile",
    )
}

tasks.named("preBuild") { dependsOn(cargoNdk) }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    // Only for Slf4jLogHandler; applications that use it add it.
    compileOnly("org.slf4j:slf4j-api:2.0.17")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    implementation("rustls:rustls-platform-verifier:${verifier()}")
}

/** Version of the verifier's Java part that matches its Rust part: that of the crate `rustls-platform-verifier-android`. */
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
