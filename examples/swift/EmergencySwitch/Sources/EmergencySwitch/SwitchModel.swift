import ConfigCatManagement
import Observation

/// What a screen shows and what its buttons do. A task that is cancelled, as that of a view that disappears, ends its request.
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
            // What is shown has to be what is, whatever came of it.
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
            // The view is gone.
        } catch {
            problem = error.localizedDescription
        }
    }
}
