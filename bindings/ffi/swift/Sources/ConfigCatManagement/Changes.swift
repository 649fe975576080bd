/// Progress of applying a plan, after a request.
public struct ApplyProgress: Sendable {
    /// Steps that are completed, successfully or not.
    public let completed: Int
    /// Steps of the plan.
    public let total: Int
    let handle: NativeStop

    /// Sends no other requests. Those in flight are waited for, the steps that are left are skipped, and the report says so: what was
    /// done can be taken back. Cancelling the task, instead, returns no report.
    public func stop() { handle.stop() }
}

extension ApplyProgress: CustomStringConvertible {
    public var description: String { "\(completed) of \(total) steps" }
}

/// Passes progress from the threads of the library to a stream.
private final class ProgressStream: NativeProgress {
    let stop = NativeStop()
    let stream: AsyncStream<ApplyProgress>
    private let continuation: AsyncStream<ApplyProgress>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func report(completed: Int32, total: Int32) {
        continuation.yield(ApplyProgress(completed: Int(completed), total: Int(total), handle: stop))
    }

    func finish() { continuation.finish() }
}

extension ManagementClient {
    /// Reads a product as a document, with as few requests as possible. What the service does not return is not part of it: members,
    /// secrets, history.
    ///
    /// - Parameter product: Name or id of the product.
    /// - Throws: ``ConfigCatError/notFound(_:)`` with a similar name if there is no such product,
    ///   ``ConfigCatError/conflict(_:)`` if several have the name, another ``ConfigCatError`` if a call fails, or `CancellationError`.
    public func export(_ product: String) async throws -> ProductDocument {
        ProductDocument(try await connection.call { try await $0.exportProduct(product: product) })
    }

    /// Compares a document with its product, and returns the steps from one to the other with their price. Only reads.
    ///
    /// ```swift
    /// let plan = try await client.plan(document, options: PlanOptions(reason: "Launch"))
    /// print(plan)
    /// ```
    ///
    /// - Parameters:
    ///   - document: The desired state.
    ///   - options: Options of the plan.
    /// - Throws: ``ConfigCatError/badRequest(_:)`` with every name that does not exist, by its place in the document, or for an
    ///   invalid option; another ``ConfigCatError`` if a call fails; or `CancellationError`.
    public func plan(_ document: ProductDocument, options: PlanOptions = PlanOptions()) async throws -> Plan {
        Plan(
            try await connection.call {
                try await $0.planDocument(document: document.native, options: options.native)
            })
    }

    /// Applies a plan, if nothing has moved: it is made again first, and a step that differs is a conflict, which does not stop the
    /// others. Applying again continues: what is done is not repeated, and nothing is created twice.
    ///
    /// Cancelling the task cancels the requests in flight, and there is no report; ``ApplyProgress/stop()`` returns one.
    ///
    /// ```swift
    /// let report = try await client.apply(plan) { progress in show(progress.completed, progress.total) }
    /// ```
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - isolation: The actor on which `progress` runs, that of the caller.
    ///   - progress: Called after each request.
    /// - Returns: The result of each step. Calls that fail to write are in it.
    /// - Throws: ``ConfigCatError/badRequest(_:)`` if the service would refuse steps of the plan, another ``ConfigCatError`` if a call
    ///   that reads fails, or `CancellationError`.
    @discardableResult
    public func apply(
        _ plan: Plan,
        isolation: isolated (any Actor)? = #isolation,
        progress: (ApplyProgress) -> Void = { _ in }
    ) async throws -> Report {
        try await carryOut(progress) {
            try await $0.applyPlan(plan: plan.native, progress: $1, stop: $1.stop)
        }
    }

    /// Makes a plan and applies it at once, without reading again in between; see ``apply(_:isolation:progress:)``.
    ///
    /// - Parameters:
    ///   - document: The desired state.
    ///   - options: Options of the plan.
    ///   - isolation: The actor on which `progress` runs, that of the caller.
    ///   - progress: Called after each request.
    /// - Throws: As ``plan(_:options:)`` and ``apply(_:isolation:progress:)`` do.
    @discardableResult
    public func applyDocument(
        _ document: ProductDocument,
        options: PlanOptions = PlanOptions(),
        isolation: isolated (any Actor)? = #isolation,
        progress: (ApplyProgress) -> Void = { _ in }
    ) async throws -> Report {
        try await carryOut(progress) {
            try await $0.applyDocument(document: document.native, options: options.native, progress: $1, stop: $1.stop)
        }
    }

    /// Plans to give flags of an environment the values that they have in another one.
    ///
    /// - Parameters:
    ///   - promotion: Which values are promoted, and where to.
    ///   - options: Options of the plan.
    /// - Throws: ``ConfigCatError/notFound(_:)`` with a similar name for a product, config, environment or flag that does not exist,
    ///   and as ``plan(_:options:)`` does.
    public func promote(_ promotion: Promotion, options: PlanOptions = PlanOptions()) async throws -> Plan {
        Plan(
            try await connection.call {
                try await $0.promoteValues(promotion: promotion.native, options: options.native)
            })
    }

    /// Returns what differs between two products: the steps that would make the second one like the first one.
    ///
    /// - Parameters:
    ///   - from: Name or id of the product to be like.
    ///   - to: Name or id of the product that the steps would change.
    /// - Throws: As ``export(_:)`` and ``plan(_:options:)`` do.
    public func compare(_ from: String, to: String) async throws -> Plan {
        Plan(try await connection.call { try await $0.compareProducts(from: from, to: to) })
    }

    /// Plans to create a copy of a product under another name, or in another organization. Members and secrets are not copied.
    ///
    /// - Parameters:
    ///   - product: Name or id of the product.
    ///   - name: Name of the copy.
    ///   - organization: Name or id of the organization of the copy; `nil` if there is only one.
    /// - Throws: ``ConfigCatError/conflict(_:)`` if a product has the name already, and as ``export(_:)`` and ``plan(_:options:)`` do.
    public func cloneProduct(_ product: String, name: String, organization: String? = nil) async throws -> Plan {
        Plan(
            try await connection.call {
                try await $0.cloneProduct(product: product, name: name, organization: organization)
            })
    }

    /// Applies something in a child task, and reports its progress on the actor of the caller.
    private func carryOut(
        _ progress: (ApplyProgress) -> Void,
        isolation: isolated (any Actor)? = #isolation,
        _ work: @escaping @Sendable (NativeClient, ProgressStream) async throws -> NativeReport
    ) async throws -> Report {
        let reports = ProgressStream()
        async let native = watched(reports, work)
        for await report in reports.stream { progress(report) }
        return Report(try await native)
    }

    private func watched(
        _ reports: ProgressStream,
        _ work: @Sendable (NativeClient, ProgressStream) async throws -> NativeReport
    ) async throws -> NativeReport {
        defer { reports.finish() }
        return try await connection.call { try await work($0, reports) }
    }
}

// For the mirrors of the module for tests.
extension ManagementClient {
    /// Reads a product as the seed of a simulator, with its name and the secrets that are placeholders in the seed.
    package func copy(
        product: String
    ) async throws -> (seed: String, name: String, placeholders: [String]) {
        let copy = try await connection.call { try await $0.copyProduct(product: product) }
        return (copy.seed, copy.name, copy.placeholders)
    }

    /// Plans what has been changed in a copy of a product, from an untouched copy.
    package func changes(
        since untouched: ManagementClient, product: String, options: PlanOptions
    ) async throws -> Plan {
        let before = untouched.connection.native
        return Plan(
            try await connection.call {
                try await $0.changesSince(untouched: before, product: product, options: options.native)
            })
    }
}
