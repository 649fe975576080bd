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
            guard case .badRequest = error else { throw error }
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
            case (403, .permission), (404, .notFound), (409, .conflict), (429, .rateLimited), (503, .server): break
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
        guard case .authentication = error else { throw error }
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
        guard case .connection = error else { throw error }
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
            guard case .decode = error else { throw error }
            #expect(error.details.path?.hasPrefix("[0]") == true)
        }
    }

    @Test func aDateBeyondTheYearsOfTheServiceIsAnError() async throws {
        try await simulated { client, simulator in
            let product = try await client.shop().product.productId
            try simulator.clearJournal()
            for date in [Date.distantPast - 1e12, Date(timeIntervalSince1970: .infinity), Date(timeIntervalSince1970: .nan)] {
                let error = try await failing { try await client.auditLogs.list(productId: product, fromUtcDateTime: date) }
                guard case .badRequest = error else { throw error }
                #expect(error.fieldErrors["fromUtcDateTime"]?.first?.contains("years 1 to 9999") == true, "\(error)")
            }
            #expect(try simulator.journal().isEmpty)
        }
    }

    @Test func optionsOutOfRangeAreErrorsThatNameThem() async throws {
        let options: [(ClientOptions, String)] = [
            (ClientOptions(timeout: .seconds(-1)), "timeout: must not be negative"),
            (ClientOptions(maxAttempts: -1), "maxAttempts: must be at least 1, not -1"),
            (ClientOptions(maxResponseSize: 0), "maxResponseSize: must be at least 1, not 0"),
        ]
        for (options, message) in options {
            do {
                _ = try ManagementClient(username: "u", password: "p", options: options)
                Issue.record("it did not fail")
            } catch let error as ConfigCatError {
                guard case .configuration = error else { throw error }
                #expect(error.message.contains(message))
            }
        }
        try await simulated { client, _ in
            for copy in [client.with(timeout: .seconds(-1)), client.with(maxAttempts: 0)] {
                let error = try await failing { try await copy.me.get() }
                guard case .configuration = error else { throw error }
                #expect(error.message.contains("must"))
            }
            _ = try await client.with(timeout: .seconds(Int64.max)).me.get()
        }
    }

    @Test func aNumberThatJsonDoesNotHaveIsAnError() async throws {
        try await simulated { client, _ in
            let flag = try await client.shop().flag.settingId
            let patch = [PatchOperation(op: .replace, path: "/name", value: .value(.number(.nan)))]
            let error = try await failing { try await client.settings.patch(settingId: flag, patch: patch) }
            guard case .badRequest = error else { throw error }
            #expect(error.message.contains("JSON has no number NaN"))
        }
    }

    @Test func invalidSettingsFailTheInitializer() throws {
        #expect(throws: ConfigCatError.self) {
            try ManagementClient(username: "u", password: "p", options: ClientOptions(baseUrl: "http://example.com"))
        }
        #expect(throws: ConfigCatError.self) { try ManagementClient(username: "a:b", password: "p") }
    }
}
