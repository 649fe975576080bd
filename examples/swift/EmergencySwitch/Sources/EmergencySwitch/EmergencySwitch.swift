import ConfigCatManagement

/// A boolean flag in an environment.
public struct Flag: Identifiable, Hashable, Sendable {
    public var id: String { "\(environmentId)/\(settingId)" }
    public let key: String
    public let name: String
    public let settingId: SettingId
    public let environmentId: EnvironmentId
    public let environment: String
    /// Whether the flag may be on for some users: it is on by default, or a rule turns it on.
    public let on: Bool
    public let approvalRequired: Bool
    public let mayBypassApproval: Bool
    /// The version that was read: turning off another version is a conflict.
    let version: VersionId
}

/// Result of turning a flag off, for display to a user.
public enum Outcome: Hashable, Sendable {
    case off
    /// The environment requires an approval; if it may be bypassed, a second call with `bypassApproval` succeeds.
    case approvalRequired(mayBypass: Bool)
    /// The flag has been changed since it was read: read it again before you decide.
    case changed
    case signedOut
    case notAllowed(String)
    /// No connection. With `maybeApplied`, the request may have been applied: read the flag again.
    case offline(maybeApplied: Bool)
    case failed(String)
}

/// Turns flags off for all users. Independent of any user interface.
public struct EmergencySwitch: Sendable {
    let client: ManagementClient

    public init(client: ManagementClient) {
        self.client = client
    }

    public func products() async throws -> [Product] {
        try await client.products.list()
    }

    /// Returns the boolean flags of a product, in every environment.
    public func flags(of productId: ProductId) async throws -> [Flag] {
        let environments = try await client.environments.list(productId: productId)
        let configs = try await client.configs.list(productId: productId).filter { $0.evaluationVersion == .v2 }
        let pairs = configs.flatMap { config in environments.map { (config.configId, $0.environmentId) } }
        return try await withThrowingTaskGroup(of: (Int, [Flag]).self) { group in
            for (number, (config, environment)) in pairs.enumerated() {
                group.addTask {
                    let all = try await client.flagValues.getAll(configId: config, environmentId: environment)
                    return (number, all.settingFormulas.compactMap { Flag($0, of: all) })
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    /// Turns a flag off for all users: sets the default to off and removes all rules.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; every other error is an ``Outcome``.
    public func turnOff(_ flag: Flag, reason: String, bypassApproval: Bool = false) async throws -> Outcome {
        if flag.approvalRequired && !bypassApproval {
            return .approvalRequired(mayBypass: flag.mayBypassApproval)
        }
        do {
            try await client.flagValues.replace(
                environmentId: flag.environmentId,
                settingId: flag.settingId,
                body: UpdateEvaluationFormula(defaultValue: UpdateFlagValue(value: false)),
                reason: reason,
                bypassApproval: bypassApproval ? true : nil,
                latestVersionId: flag.version
            )
            return .off
        } catch let error as ConfigCatError {
            return Outcome(error)
        }
    }
}

extension Outcome {
    init(_ error: ConfigCatError) {
        switch error {
        case .authentication: self = .signedOut
        case .permission: self = .notAllowed(error.message)
        case .conflict: self = .changed
        case .connection, .timeout: self = .offline(maybeApplied: error.maybeApplied)
        default: self = .failed(error.message)
        }
    }
}

extension Flag {
    init?(_ formula: ConfigSettingFormula, of all: ConfigSettingFormulas) {
        guard formula.setting.settingType == .boolean else { return nil }
        key = formula.setting.key
        name = formula.setting.name
        settingId = formula.setting.settingId
        environmentId = all.environment.environmentId
        environment = all.environment.name
        on = formula.defaultValue.value == true
            || formula.targetingRules.contains { rule in
                rule.value?.value == true || rule.percentageOptions.contains { $0.value.value == true }
            }
        approvalRequired = all.approveRequired
        mayBypassApproval = all.canBypassApproval
        version = formula.lastVersionId
    }
}
