import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A server that accepts one request and never responds; signals when the request arrives and when its connection is closed.
final class SilentServer: Sendable {
    let port: UInt16
    let arrived = Shared(false)
    let closed = Shared(false)

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 4) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(bound)
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [arrived, closed] in
            let peer = accept(listener, nil, nil)
            var bytes = [UInt8](repeating: 0, count: 4096)
            while recv(peer, &bytes, bytes.count, 0) > 0 { arrived.change { $0 = true } }
            closed.change { $0 = true }
            close(peer)
            close(listener)
        }
    }

    func client() throws -> ManagementClient {
        let options = ClientOptions(baseUrl: "http://127.0.0.1:\(port)", maxAttempts: 1)
        return try ManagementClient(username: "u", password: "p", options: options)
    }
}

@Suite struct CancellationTests {
    @Test func cancellingATaskClosesTheConnectionOfItsCall() async throws {
        let silent = try SilentServer()
        let client = try silent.client()
        let call = Task { try await client.products.list() }
        try await eventually("the request arrives") { silent.arrived.value }
        call.cancel()
        try await eventually("the connection is closed") { silent.closed.value }
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(client.rateLimit.inFlight == 0)
    }

    @Test func aCallCancelledDuringADelayIsNotApplied() async throws {
        try await simulated { client, simulator in
            try simulator.admin("POST", "/faults", body: #"{"operation":"products.create","delayMs":3000}"#)
            let organization = try await client.organization()
            let call = Task {
                try await client.products.create(organizationId: organization, body: CreateProduct(name: "Never"))
            }
            try await eventually("the request is in flight") { client.rateLimit.inFlight == 1 }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            try await Task.sleep(for: .milliseconds(3500))
            #expect(try await client.products.list().isEmpty)
            let journal = try simulator.admin("GET", "/journal")
            #expect(!journal.contains(#""operation":"products.create""#))
        }
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        try await simulated { client, simulator in
            let call = Task {
                try? await Task.sleep(for: .seconds(60))
                return try await client.products.list()
            }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            let journal = try simulator.admin("GET", "/journal")
            #expect(journal == "[]")
        }
    }

    @Test func manyCancelledCallsLeaveNoneInFlight() async throws {
        try await simulated { client, simulator in
            try simulator.admin("POST", "/faults", body: #"{"operation":"products.list","delayMs":50}"#)
            for round in 0..<20 {
                let calls = (0..<50).map { _ in Task { try await client.products.list() } }
                try await Task.sleep(for: .milliseconds(round % 5))
                calls.forEach { $0.cancel() }
                for call in calls { _ = await call.result }
            }
            try await eventually("no calls are in flight") { client.rateLimit.inFlight == 0 && client.rateLimit.waiting == 0 }
            try simulator.admin("DELETE", "/faults")
            #expect(try await client.products.list().isEmpty)
        }
    }

    @Test func closingTheClientCancelsItsCalls() async throws {
        let silent = try SilentServer()
        let client = try silent.client()
        let copy = client.with(maxAttempts: 1)
        let call = Task { try await copy.products.list() }
        try await eventually("the request arrives") { silent.arrived.value }
        client.close()
        let error = try await failing { try await call.value }
        guard case .cancelled = error else { throw error }
        try await eventually("the connection is closed") { silent.closed.value }
    }

    @Test func aNetworkChangeFailsAnAttemptImmediately() async throws {
        let silent = try SilentServer()
        let client = try silent.client()
        let call = Task { try await client.products.list() }
        try await eventually("the request arrives") { silent.arrived.value }
        client.networkChanged()
        let error = try await failing { try await call.value }
        guard case .connection = error else { throw error }
        #expect(error.message.contains("network"))
    }
}

@Suite struct CredentialsTests {
    struct Keychain: CredentialProvider {
        let calls: Shared<Int>
        let stored: Credentials?

        struct Locked: LocalizedError { var errorDescription: String? { "the keychain is locked" } }

        func credentials() async throws -> Credentials {
            try await Task.sleep(for: .milliseconds(1))
            calls.change { $0 += 1 }
            guard let stored else { throw Locked() }
            return stored
        }
    }

    @Test func aCredentialProviderIsCalledOncePerCall() async throws {
        let simulator = try Simulator()
        let calls = Shared(0)
        let keychain = Keychain(
            calls: calls, stored: Credentials(username: simulator.username, password: simulator.password))
        let client = try ManagementClient(credentials: keychain, options: ClientOptions(baseUrl: simulator.url))
        _ = try await client.organizations.list()
        _ = try await client.products.list()
        #expect(calls.value == 2)
    }

    @Test func withoutCredentialsNothingIsSent() async throws {
        let simulator = try Simulator()
        let keychain = Keychain(calls: Shared(0), stored: nil)
        let client = try ManagementClient(credentials: keychain, options: ClientOptions(baseUrl: simulator.url))
        let error = try await failing { try await client.products.list() }
        guard case .authentication = error else { throw error }
        #expect(error.message.contains("the keychain is locked"))
        #expect(error.attempts == 0)
        let journal = try simulator.admin("GET", "/journal")
        #expect(journal == "[]")
    }

    @Test func anObserverReceivesAttemptsAndOutcomes() async throws {
        struct Recorder: Observer {
            let seen: Shared<[String]>
            func attempt(_ event: AttemptEvent) { seen.change { $0.append("attempt \(event.operation) \(event.attempt)") } }
            func outcome(_ event: OutcomeEvent) { seen.change { $0.append("outcome \(event.status ?? 0)") } }
        }
        let simulator = try Simulator()
        try simulator.admin(
            "POST", "/faults", body: #"{"operation":"products.list","status":503,"retryAfter":0,"times":1}"#)
        let seen = Shared<[String]>([])
        _ = try await simulator.client(observer: Recorder(seen: seen)).products.list()
        #expect(seen.value == ["attempt products.list 1", "outcome 503", "attempt products.list 2", "outcome 200"])
    }
}
