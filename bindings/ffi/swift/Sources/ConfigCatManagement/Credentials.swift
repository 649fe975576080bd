import Foundation

/// User name and password of a Public API credential, for one call. Descriptions and mirrors do not show them.
public struct Credentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let username: String
    let password: String

    /// Creates credentials from a user name and a password.
    public init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    public var description: String { "Credentials(***)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Provides the credentials for a call, for example from a keychain.
///
/// It is called once per call, before anything is sent and within the call's timeout. The library discards the credentials after
/// the call. An error that it throws fails the call with ``ConfigCatError/authentication(_:)``.
public protocol CredentialProvider: Sendable {
    /// Returns the credentials for a call.
    func credentials() async throws -> Credentials
}

/// Adapts an application's provider to the native interface.
final class ForeignProvider: NativeCredentialProvider {
    private let provider: any CredentialProvider

    init(provider: any CredentialProvider) {
        self.provider = provider
    }

    func begin(request: NativeCredentialRequest) {
        Task { [provider] in
            do {
                let credentials = try await provider.credentials()
                request.give(username: credentials.username, password: credentials.password)
            } catch {
                request.refuse(reason: error.localizedDescription)
            }
        }
    }
}
