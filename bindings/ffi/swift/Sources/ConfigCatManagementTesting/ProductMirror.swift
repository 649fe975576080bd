import ConfigCatManagement

/// A simulator with a copy of a real product: with the same ids, names, values, versions and SDK keys.
///
/// Any program may run against its ``Simulator/url``. ``changes(options:)`` then returns what it has changed as a plan, which can be
/// applied to the real product.
///
/// ```swift
/// let mirror = try await Simulator.mirror(client, product: "Web Shop")
/// try await cleanUp(mirror.client())
/// print(try await mirror.changes())
/// ```
public final class ProductMirror: Simulator, @unchecked Sendable {
    /// Secrets that cannot be read from the service, and are placeholders in the copy, in words.
    public let placeholders: [String]
    private let seed: String
    private let product: String

    init(seed: String, product: String, placeholders: [String]) throws {
        self.seed = seed
        self.product = product
        self.placeholders = placeholders
        try super.init(seed: seed)
    }

    /// Returns what has been changed since the product was copied, as a plan from the state of the copy. When it is applied to the
    /// real product, steps for what others have changed there meanwhile are conflicts.
    ///
    /// - Parameter options: Reason, approval and strictness of the changes. Everything is pruned and may be replaced.
    /// - Throws: `ConfigCatError` if a call to the mirror fails, or `CancellationError`.
    public func changes(options: PlanOptions = PlanOptions()) async throws -> Plan {
        let untouched = try Simulator(seed: seed)
        // The simulator runs until its last reference is released.
        defer { withExtendedLifetime(untouched) {} }
        return try await client().changes(since: untouched.client(), product: product, options: options)
    }
}

extension Simulator {
    /// Starts a simulator with a copy of a real product, which is only read.
    ///
    /// - Parameters:
    ///   - client: Client of the service.
    ///   - product: Name or id of the product.
    /// - Throws: `ConfigCatError` if there is no such product or a call fails, or `CancellationError`.
    public static func mirror(_ client: ManagementClient, product: String) async throws -> ProductMirror {
        let copy = try await client.copy(product: product)
        return try ProductMirror(seed: copy.seed, product: copy.name, placeholders: copy.placeholders)
    }
}
