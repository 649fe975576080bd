import Foundation

/// Outcome of one call of ``bulk(_:concurrency:progress:isolation:call:)``.
public struct Outcome<Value: Sendable>: Sendable {
    /// Position of the call, from 0.
    public let index: Int
    /// Its value or its error.
    public let result: Result<Value, any Error>

    /// Value of the call.
    ///
    /// - Throws: The error of the call, if it failed.
    public var value: Value {
        get throws { try result.get() }
    }

    /// Error of the call; `nil` if it succeeded.
    public var error: (any Error)? {
        if case .failure(let error) = result { error } else { nil }
    }
}

/// One outcome per call, in the order of the calls.
public struct BulkResult<Value: Sendable>: RandomAccessCollection, Sendable {
    private let outcomes: [Outcome<Value>]

    init(_ outcomes: [Outcome<Value>]) {
        self.outcomes = outcomes
    }

    public var startIndex: Int { outcomes.startIndex }
    public var endIndex: Int { outcomes.endIndex }
    public subscript(position: Int) -> Outcome<Value> { outcomes[position] }

    /// Values of the calls that succeeded.
    public var values: [Value] { outcomes.compactMap { try? $0.result.get() } }

    /// Outcomes of the calls that failed.
    public var failed: [Outcome<Value>] { outcomes.filter { $0.error != nil } }

    /// Returns the values of all calls.
    ///
    /// - Throws: The first error, if any call failed.
    public func get() throws -> [Value] {
        try outcomes.map { try $0.result.get() }
    }
}

extension BulkResult: CustomStringConvertible {
    public var description: String {
        let failed = failed
        let shown = failed.prefix(3).map { "; call \($0.index): \($0.error.map(String.init(describing:)) ?? "")" }
        return "BulkResult(\(count - failed.count) succeeded, \(failed.count) failed\(shown.joined()))"
    }
}

/// Makes a call for each item, many at the same time, and collects the outcome of each. Calls of one client share its pacing by the rate limit.
///
/// An error ends only its own call. Cancelling the task cancels the calls in progress, and the others are not made.
///
/// ```swift
/// let result = try await bulk(ids) { id in try await client.settings.delete(settingId: id) }
/// for outcome in result.failed { print(ids[outcome.index], outcome.error!) }
/// ```
///
/// - Parameters:
///   - items: What the calls are made for. A lazy sequence is read as calls are made.
///   - concurrency: Maximum number of concurrent calls, at least 1.
///   - progress: Receives the number of completed calls after each call.
///   - isolation: The actor on which `progress` runs, that of the caller.
///   - call: Makes the call for an item.
/// - Throws: ``ConfigCatError/badRequest(_:)`` if the concurrency is less than 1; `CancellationError` if the task was
///   cancelled.
public func bulk<Item: Sendable, Value: Sendable>(
    _ items: some Sequence<Item>,
    concurrency: Int = 64,
    progress: (Int) -> Void = { _ in },
    isolation: isolated (any Actor)? = #isolation,
    call: @escaping @Sendable (Item) async throws -> Value
) async throws -> BulkResult<Value> {
    guard concurrency >= 1 else {
        let rule = "must be at least 1, not \(concurrency)"
        throw ConfigCatError.badRequest(
            ErrorDetails(message: "concurrency: \(rule)", fieldErrors: ["concurrency": [rule]]))
    }
    try Task.checkCancellation()
    // Not shared: only the closure below uses it, on the actor of this function. Swift 6.0 does not see that they are the same.
    nonisolated(unsafe) var source = items.enumerated().makeIterator()
    let outcomes = await withTaskGroup(of: Outcome<Value>.self) { group in
        // A closure runs on the actor of a parameter only if it captures the parameter.
        _ = isolation
        var outcomes: [Outcome<Value>] = []
        var running = 0
        while true {
            while running < concurrency, !Task.isCancelled, let (index, item) = source.next() {
                group.addTask { await outcome(index) { try await call(item) } }
                running += 1
            }
            guard let outcome = await group.next() else { return outcomes }
            running -= 1
            outcomes.append(outcome)
            progress(outcomes.count)
        }
    }
    try Task.checkCancellation()
    return BulkResult(outcomes.sorted { $0.index < $1.index })
}

private func outcome<Value: Sendable>(
    _ index: Int, _ call: @Sendable () async throws -> Value
) async -> Outcome<Value> {
    do {
        return Outcome(index: index, result: .success(try await call()))
    } catch {
        return Outcome(index: index, result: .failure(error))
    }
}
