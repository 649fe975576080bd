/// Ordered steps from the actual state of a product to the one of a document, with their price.
///
/// It can be shown, saved, and applied later if nothing has moved. Plans with the same steps for the same document are equal.
public struct Plan: Sendable {
    let native: NativePlan

    init(_ native: NativePlan) {
        self.native = native
        steps = native.steps()
        requests = native.requests().map {
            PlannedRequest(operation: $0.operation, steps: $0.steps.map(Int.init), count: Int($0.count))
        }
        let price = native.price()
        self.price = Price(requests: Int(price.requests), reads: Int(price.reads))
    }

    /// Parses a plan that was saved as ``json``.
    ///
    /// - Throws: ``ConfigCatError/badRequest(_:)`` if it is not a plan, or one of a newer format.
    public init(parsing json: String) throws {
        self.init(try translated { try NativePlan.parse(json: json) })
    }

    /// Steps, in the order in which they are applied.
    public let steps: [Step]

    /// Requests that apply the steps.
    public let requests: [PlannedRequest]

    /// What it costs.
    public let price: Price

    /// The desired state.
    public var document: ProductDocument { ProductDocument(native.document()) }

    /// Whether there is nothing to do.
    public var isEmpty: Bool { steps.isEmpty }

    /// Steps that the service would refuse. A plan with such steps is not applied.
    public var refused: [Step] { steps.filter { $0.refused != nil } }

    /// One line: the number of steps by action, and the price.
    public var summary: String { native.summary() }

    /// The plan as Markdown, for pull requests.
    public var markdown: String { native.markdown() }

    /// The plan as a table of HTML.
    public var html: String { native.html() }

    /// The plan as JSON, which ``init(parsing:)`` reads.
    public var json: String { native.json() }

    /// Returns the plan for a terminal.
    ///
    /// - Parameter color: Whether to color it with escape sequences.
    public func text(color: Bool = false) -> String { native.text(color: color) }

    /// Returns the least time that the requests wait for the rate limit; `nil` if the service has reported none.
    ///
    /// - Parameter rateLimit: State of the rate limit, such as ``ManagementClient/rateLimit``.
    public func leastWait(_ rateLimit: RateLimit) -> Duration? {
        native.leastWait(limit: rateLimit.native).map(Duration.init(interval:))
    }
}

extension Plan: Hashable, CustomStringConvertible {
    public static func == (one: Plan, other: Plan) -> Bool { one.native.sameAs(other: other.native) }

    public func hash(into hasher: inout Hasher) { hasher.combine(steps) }

    /// The plan for a terminal, without colors.
    public var description: String { text() }
}
