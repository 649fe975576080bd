import ConfigCatManagement
import Foundation
import Testing

/// A server that injects a fault, and the expected result. `cargo xtask test swift` starts the servers: see tests/faults.
struct FaultCase: CustomTestStringConvertible {
    let fields: [String]

    var testDescription: String { "\(fields[0]), \(fields[1])" }

    static let table = (ProcessInfo.processInfo.environment["FAULTS"] ?? "").split(separator: "\n")
        .map { FaultCase(fields: $0.split(separator: "\t").map(String.init)) }

    func client() throws -> ManagementClient {
        let numbers = FaultCase.table[0].fields.dropFirst().compactMap { Int($0) }
        let durations = numbers.map { Duration.milliseconds($0) }
        let options = ClientOptions(
            baseUrl: fields[2],
            timeout: durations[2],
            attemptTimeout: durations[1],
            connectTimeout: durations[0],
            maxAttempts: numbers[4],
            maxRateLimitWait: durations[3],
            maxResponseSize: numbers[5],
            proxy: ""
        )
        return try ManagementClient(username: "user", password: "hunter2", options: options)
    }
}

@Suite(.serialized) struct FaultsTests {
    /// The password and the `Authorization` header, plain or escaped as the servers do.
    private let leaks = ["hunter2", "dXNlcjpodW50", "u0068", #"hunt\u0065r2"#, "%68unter2"]
    private let id = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed"

    @Test func theFaultTableIsPresent() {
        #expect(FaultCase.table.count > 24)
    }

    @Test(arguments: FaultCase.table.dropFirst())
    func aFaultHasTheSameResultAsInRust(fault: FaultCase) async throws {
        let client = try fault.client()
        var (kind, maybeApplied) = ("response", false)
        do {
            if fault.fields[1] == "get" {
                _ = try await client.products.get(productId: ProductId(id))
            } else {
                _ = try await client.products.create(
                    organizationId: OrganizationId(id), body: CreateProduct(name: "Shop"))
            }
        } catch let error as ConfigCatError {
            kind = Mirror(reflecting: error).children.first?.label?.lowercased() ?? "?"
            maybeApplied = error.maybeApplied
            var shown = "\(error) \(error.localizedDescription)"
            dump(error, to: &shown)
            #expect(!leaks.contains { shown.contains($0) }, "\(shown)")
            #expect(error.attempts == client.usage.requests)
        }
        #expect(kind == fault.fields[3].replacing("_", with: ""))
        #expect(client.usage.requests == Int(fault.fields[4]))
        #expect(maybeApplied == (fault.fields[5] == "true"))
    }
}
