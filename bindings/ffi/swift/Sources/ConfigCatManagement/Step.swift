extension Step: CustomStringConvertible {
    /// The path of the entity for people: `Storefront / newCheckout / Production`.
    public var place: String { path.joined(separator: " / ") }

    public var description: String { "\(action.rawValue) \(section) \(place)" }
}

extension StepAction: RawRepresentable, CaseIterable, Codable {
    public static let allCases: [StepAction] = [.create, .update, .replace, .delete]

    public init?(rawValue: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = found
    }

    /// The name in the JSON of plans.
    public var rawValue: String {
        switch self {
        case .create: "create"
        case .update: "update"
        case .replace: "replace"
        case .delete: "delete"
        }
    }
}

extension StepStatus: RawRepresentable, CaseIterable, Codable {
    public static let allCases: [StepStatus] = [.done, .alreadyDone, .requested, .conflict, .failed, .skipped]

    public init?(rawValue: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = found
    }

    /// The name in the JSON of reports.
    public var rawValue: String {
        switch self {
        case .done: "done"
        case .alreadyDone: "alreadyDone"
        case .requested: "requested"
        case .conflict: "conflict"
        case .failed: "failed"
        case .skipped: "skipped"
        }
    }
}

/// The result of a step.
public struct StepOutcome: Hashable, Codable, Sendable {
    /// Position of the step in the plan, from 0.
    public let index: Int
    /// The step.
    public let step: Step
    /// Its result.
    public let status: StepStatus
    /// Whether the entity is now, or will be after an approval, as the step wants it.
    public let isSuccess: Bool
    /// Id of the entity that was created, or of the change request.
    public let id: String?
    /// Why it was not applied.
    public let error: String?
    /// Kind of the error of the call, such as `not_found`.
    public let kind: String?
    /// What others made of the entity, after a conflict.
    public let theirs: JsonValue?

    init(_ native: NativeStepOutcome) {
        index = Int(native.index)
        step = native.step
        status = native.status
        isSuccess = native.isSuccess
        id = native.id
        error = native.error
        kind = native.kind
        theirs = native.theirs
    }
}

extension StepOutcome: CustomStringConvertible {
    public var description: String { "\(status.rawValue): \(step)\(error.map { ": \($0)" } ?? "")" }
}

/// What a plan costs.
public struct Price: Hashable, Codable, Sendable {
    /// Requests that applying sends, without retries.
    public let requests: Int
    /// Requests that making the plan has sent, without retries.
    public let reads: Int
}

/// A request that applies one or several steps.
public struct PlannedRequest: Hashable, Codable, Sendable {
    /// The operation, such as `flag_values.replace_many`.
    public let operation: String
    /// Positions of its steps in the plan, from 0.
    public let steps: [Int]
    /// Number of requests: two if an entity is deleted and created again.
    public let count: Int
}
