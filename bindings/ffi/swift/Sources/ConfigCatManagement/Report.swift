/// What applying a plan did, with what is needed to take it back.
///
/// ```swift
/// let report = try await client.apply(plan)
/// print(report.summary)
/// try await client.applyDocument(report.undo())
/// ```
///
/// Reports with the same results of the same plan are equal.
public struct Report: Sendable {
    let native: NativeReport

    init(_ native: NativeReport) {
        self.native = native
        outcomes = native.outcomes().map(StepOutcome.init)
    }

    /// Parses a report that was saved as ``json``.
    ///
    /// - Throws: ``ConfigCatError/badRequest(_:)`` if it is not a report, or one of a newer format.
    public init(parsing json: String) throws {
        self.init(try translated { try NativeReport.parse(json: json) })
    }

    /// The result of each step, in the order of the plan.
    public let outcomes: [StepOutcome]

    /// The plan.
    public var plan: Plan { Plan(native.plan()) }

    /// Outcomes of the steps that did not succeed.
    public var failures: [StepOutcome] { outcomes.filter { !$0.isSuccess } }

    /// Whether every step succeeded.
    public var isComplete: Bool { native.isComplete() }

    /// Requests that were sent, without retries.
    public var requests: Int { Int(native.requests()) }

    /// One line: the number of steps by their results.
    public var summary: String { native.summary() }

    /// The report for a terminal: a line for each step that was not applied, and the summary.
    public var text: String { native.text() }

    /// The report as a table of HTML: each step with its result.
    public var html: String { native.html() }

    /// The report as JSON, which ``init(parsing:)`` reads.
    public var json: String { native.json() }

    /// Throws an error if a step did not succeed. Its message names every such step.
    ///
    /// - Throws: ``ConfigCatError/conflict(_:)`` if others have changed an entity since the plan was made, or the error of the
    ///   first call that failed.
    public func throwForFailures() throws {
        try translated { try native.check() }
    }

    /// Returns the document with the state from before, for everything that was done. Its plan shows what taking it back changes;
    /// what was deleted comes back with new ids.
    public func undo() -> ProductDocument { ProductDocument(native.undo()) }
}

extension Report: Hashable, CustomStringConvertible {
    public static func == (one: Report, other: Report) -> Bool { one.native.sameAs(other: other.native) }

    public func hash(into hasher: inout Hasher) { hasher.combine(outcomes) }

    /// The report for a terminal.
    public var description: String { text }
}
