import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

/// A product with a config, an environment and a flag.
struct Shop {
    let product: Product
    let config: Config
    let environment: Environment
    let flag: Setting
}

extension ManagementClient {
    func organization() async throws -> OrganizationId {
        try #require(try await organizations.list().first).organizationId
    }

    func shop() async throws -> Shop {
        let product = try await products.create(
            organizationId: try await organization(), body: CreateProduct(name: "Web shop"))
        let config = try await configs.create(
            productId: product.productId, body: CreateConfig(name: "Main", evaluationVersion: .v2))
        let environment = try await environments.create(
            productId: product.productId, body: CreateEnvironment(name: "Production"))
        let flag = try await settings.create(
            configId: config.configId,
            body: CreateSetting(name: "Checkout", key: "checkout", settingType: .boolean))
        return Shop(product: product, config: config, environment: environment, flag: flag)
    }
}

/// Runs a test with a simulator and its client.
func simulated(
    rateLimit: String? = nil,
    _ test: (ManagementClient, Simulator) async throws -> Void
) async throws {
    let simulator = try Simulator(rateLimit: rateLimit)
    try await test(try simulator.client(), simulator)
}

/// Returns the error of a call that must fail.
func failing(_ call: () async throws -> Any) async throws -> ConfigCatError {
    do {
        _ = try await call()
    } catch let error as ConfigCatError {
        return error
    }
    Issue.record("it did not fail")
    throw CancellationError()
}

/// Waits until a condition is true; fails after 2,000 checks, 5 ms apart.
func eventually(_ what: Comment, _ condition: () -> Bool) async throws {
    for _ in 0..<2_000 where !condition() {
        try await Task.sleep(for: .milliseconds(5))
    }
    #expect(condition(), what)
}

/// A mutable value shared by tasks, guarded by a lock.
final class Shared<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Value

    init(_ value: Value) { stored = value }

    var value: Value { lock.withLock { stored } }

    func change(_ body: (inout Value) -> Void) { lock.withLock { body(&stored) } }
}
