import Foundation

/// User name and password of a Public API credential, on their way to a call. Nothing shows them.
public struct Credentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let username: String
    let password: String

    /// Takes the two parts.
    public init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    public var description: String { "Credentials(***)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Gives the credentials for a call, from wherever an application keeps them.
///
/// It is asked once per call, before anything is sent and within the call's time limit; the library forgets the answer with the
/// call. What it throws ends the call as ``ConfigCatError/Authentication(details:)``.
public protocol CredentialProvider: Sendable {
    /// Gives the credentials for a call.
    func credentials() async throws -> Credentials
}

/// An application's provider as the library knows providers.
final class ForeignProvider: NativeCredentialProvider {
    private let provider: any CredentialProvider

    init(provider: any CredentialProvider) {
        self.provider = provider
    }

    func begin(request: NativeCredentialRequest) {
        Task { [provider] in
            do {
                let given = try await provider.credentials()
                request.give(username: given.username, password: given.password)
            } catch {
                request.refuse(reason: error.localizedDescription)
            }
        }
    }
}
