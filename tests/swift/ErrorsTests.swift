import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

@Suite struct ErrorsTests {
    @Test func validationBeforeSendingNamesTheInvalidField() async throws {
        try await simulated { client, _ in
            let organization = try await client.organization()
            let body = CreateProduct(name: String(repeating: "x", count: 1001))
            let error = try await failing { try await client.products.create(organizationId: organization, body: body) }
            guard case .BadRequest = error else { throw error }
            #expect(error.attempts == 0)
            #expect(error.status == nil)
            #expect(error.fieldErrors["name"]?.first?.contains("1000") == true)
            #expect(error.details.operation == "products.create")
            #expect(error.localizedDescription == error.message)
        }
    }

    @Test(arguments: [403, 404, 409, 429, 503])
    func eachErrorStatusHasItsOwnCase(status: Int) async throws {
        try await simulated { client, simulator in
            try simulator.admin(
                "POST", "/faults", body: #"{"operation":"products.list","status":\#(status),"retryAfter":7}"#)
            let error = try await failing {
                try await client.with(timeout: .seconds(2), maxAttempts: 1).products.list()
            }
            #expect(error.status == status)
            switch (status, error) {
            case (403, .Permission), (404, .NotFound), (409, .Conflict), (429, .RateLimited), (503, .Server): break
            default: throw error
            }
            #expect(error.isRetryable == [429, 503].contains(status))
            if error.isRetryable { #expect(error.retryAfter == .seconds(7)) }
        }
    }

    @Test func wrongCredentialsAreNeitherAcceptedNorShown() async throws {
        let simulator = try Simulator()
        let client = try ManagementClient(
            username: "simulator", password: "hunter2", options: ClientOptions(baseUrl: simulator.url))
        let error = try await failing { try await client.products.list() }
        guard case .Authentication = error else { throw error }
        var dumped = ""
        dump(error, to: &dumped)
        dump(client, to: &dumped)
        dump(Credentials(username: "me", password: "hunter2"), to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect(!"\(error) \(client)".contains("hunter2"))
    }

    @Test func aClosedPortIsAConnectionError() async throws {
        let options = ClientOptions(baseUrl: "http://127.0.0.1:1", maxAttempts: 1)
        let client = try ManagementClient(username: "u", password: "p", options: options)
        let error = try await failing { try await client.products.list() }
        guard case .Connection = error else { throw error }
        #expect(error.isRetryable && !error.maybeApplied)
    }

    @Test func aConnectionBrokenAfterTheRequestSetsMaybeApplied() async throws {
        try await simulated { client, simulator in
            try simulator.admin("POST", "/faults", body: #"{"operation":"products.create","reset":"after"}"#)
            let organization = try await client.organization()
            let error = try await failing {
                try await client.products.create(organizationId: organization, body: CreateProduct(name: "Shop"))
            }
            #expect(error.maybeApplied)
            #expect(try await client.products.list().count == 1)
        }
    }

    @Test func aMalformedResponseNamesTheJsonPath() async throws {
        try await simulated { client, simulator in
            try simulator.admin(
                "POST", "/faults", body: #"{"operation":"products.list","status":200,"body":[{"productId":7}]}"#)
            let error = try await failing { try await client.products.list() }
            guard case .Decode = error else { throw error }
            #expect(error.details.path?.hasPrefix("[0]") == true)
        }
    }

    @Test func invalidSettingsFailTheInitializer() throws {
        #expect(throws: ConfigCatError.self) {
            try ManagementClient(username: "u", password: "p", options: ClientOptions(baseUrl: "http://example.com"))
        }
        #expect(throws: ConfigCatError.self) { try ManagementClient(username: "a:b", password: "p") }
    }
}
