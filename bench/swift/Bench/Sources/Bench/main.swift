import Foundation

/// Number of warm-up rounds.
let warm = 5

/// Prints a line without buffering, because child processes write to the same output.
func printLine(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

func time(_ times: Int = 1, _ work: () async throws -> Void) async throws -> Double {
    let start = ContinuousClock.now
    for _ in 0..<times {
        try await work()
    }
    return (ContinuousClock.now - start) / .seconds(1) / Double(times)
}

/// Runs both alternately, each first equally often, and prints their times.
func row(
    _ name: String, _ rounds: Int, _ ours: () async throws -> Double, _ other: () async throws -> Double
) async throws {
    var (mine, its) = ([Double](), [Double]())
    for round in -warm..<rounds {
        let (a, b): (Double, Double)
        if round.isMultiple(of: 2) {
            (a, b) = (try await ours(), try await other())
        } else {
            b = try await other()
            a = try await ours()
        }
        if round >= 0 {
            mine.append(a)
            its.append(b)
        }
    }
    figures(name, Ours.name, "ms", mine.map { $0 * 1e3 })
    figures(name, ByHand.name, "ms", its.map { $0 * 1e3 })
}

/// Prints a record with the figures of one contender, which `cargo xtask bench` collects.
func figures(_ row: String, _ contender: String, _ unit: String, _ values: [Double]) {
    let values = values.map { "\($0)" }.joined(separator: " ")
    printLine("sample\tSwift\t\(row)\t\(contender)\t\(unit)\t\(values)")
}

/// Tells `cargo xtask bench` that this process can be inspected, and waits until it was.
func ready() {
    printLine("ready\t\(ProcessInfo.processInfo.processIdentifier)")
    _ = readLine()
}

/// Returns the time until a child process has received its first response and exited.
func cold(_ name: String, _ url: String) throws -> Double {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["cold", url, name]
    let start = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return (ContinuousClock.now - start) / .seconds(1)
}

/// Returns a memory figure of this process from `/proc/self/status`, in megabytes.
func resident(_ line: String) throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let found = status.split(separator: "\n").first { $0.hasPrefix(line) } ?? ""
    return (Double(found.filter(\.isNumber)) ?? 0) / 1e3
}

func held(_ contender: some Contender, _ config: String) async throws {
    for _ in 0..<3 {
        _ = try await contender.list(config: config)
    }
    let count = try await contender.list(config: config) {
        let name = type(of: contender).name
        let (now, peak) = (try resident("VmRSS:"), try resident("VmHWM:"))
        if name == Ours.name { ready() }
        figures("process with 10,000 flags", name, "MB", [now])
        figures("peak", name, "MB", [peak])
    }
    guard count == 10_000 else { throw CocoaError(.coderInvalidValue) }
}

func run<C: Contender>(_ type: C.Type, _ arguments: [String]) async throws {
    let contender = try C(url: arguments[2])
    if arguments[1] == "cold" {
        try await contender.small()
    } else {
        try await held(contender, arguments[4])
    }
}

func compare(_ url: String, _ small: String, _ large: String) async throws {
    let (ours, other) = (try Ours(url: url), try ByHand(url: url))
    try await ours.small()
    ready()
    try await row("small call", 40, { try await time(50) { try await ours.small() } }) {
        try await time(50) { try await other.small() }
    }
    for (name, config, count) in [("1,000 flags", small, 1_000), ("10,000 flags", large, 10_000)] {
        func check(_ contender: some Contender) async throws {
            guard try await contender.list(config: config) == count else { throw CocoaError(.coderInvalidValue) }
        }
        try await row(name, 25, { try await time { try await check(ours) } }) {
            try await time { try await check(other) }
        }
    }
    try await row("200 calls at once", 25, { try await time { try await ours.manySmall(count: 200) } }) {
        try await time { try await other.manySmall(count: 200) }
    }
    try await row("start and first call", 7, { try cold(Ours.name, url) }) { try cold(ByHand.name, url) }
    for name in [Ours.name, ByHand.name] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["held", url, name, large]
        try process.run()
        process.waitUntilExit()
    }
}

let arguments = CommandLine.arguments
switch arguments[1] {
case "all": try await compare(arguments[2], arguments[3], arguments[4])
default:
    if arguments[3] == Ours.name {
        try await run(Ours.self, arguments)
    } else {
        try await run(ByHand.self, arguments)
    }
}
