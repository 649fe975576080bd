import ConfigCatManagement
import Observation

/// Holds the state of a screen and performs its actions. Cancelling a task, such as that of a view that disappears, cancels its
/// request.
@MainActor
@Observable
public final class SwitchModel {
    public private(set) var flags: [Flag] = []
    public private(set) var busy = false
    public private(set) var last: Outcome?
    public private(set) var problem: String?

    private let emergencySwitch: EmergencySwitch
    private let productId: ProductId

    public init(_ emergencySwitch: EmergencySwitch, productId: ProductId) {
        self.emergencySwitch = emergencySwitch
        self.productId = productId
    }

    public func refresh() async {
        await work { try await self.load() }
    }

    public func turnOff(_ flag: Flag, reason: String, bypassApproval: Bool = false) async {
        await work {
            let outcome = try await self.emergencySwitch.turnOff(
                flag, reason: reason, bypassApproval: bypassApproval)
            self.last = outcome
            // Shows the current state, even if turning off failed.
            switch outcome {
            case .signedOut, .approvalRequired: break
            default: try await self.load()
            }
        }
    }

    private func load() async throws {
        flags = try await emergencySwitch.flags(of: productId)
        problem = nil
    }

    private func work(_ body: () async throws -> Void) async {
        busy = true
        defer { busy = false }
        do {
            try await body()
        } catch is CancellationError {
            // The view has disappeared.
        } catch {
            problem = error.localizedDescription
        }
    }
}
