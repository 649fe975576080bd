import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

private let token = "s3cr3t/t0ken+value"

/// Escape hatches: extra headers, requests by method and path, whole responses, what errors tell, client certificates.
@Suite struct HatchesTests {
    private func journal(_ simulator: Simulator) throws -> String {
        let text = try simulator.admin("GET", "/journal")
        try simulator.admin("DELETE", "/journal")
        return text
    }

    @Test func headersOfACopyReplaceThoseOfTheClient() async throws {
        try await simulated { plain, simulator in
            let client = plain.with(headers: ["X-Team": "from-client", "X-Other": "kept"])
            _ = try await client.me.get()
            #expect(try journal(simulator).contains("from-client"))
            _ = try await client.with(headers: ["x-team": "from-copy"]).me.get()
            let seen = try journal(simulator)
            #expect(seen.contains("from-copy") && seen.contains("kept") && !seen.contains("from-client"))
        }
    }

    @Test func headerThatTheClientSetsIsRefusedBeforeSending() async throws {
        try await simulated { client, simulator in
            for name in ["Authorization", "HOST", "Content-Length", "Accept"] {
                let error = try await failing { try await client.with(headers: [name: token]).me.get() }
                #expect(error.message.contains("header \"\(name)\" is set by the client") && error.attempts == 0)
                #expect(!"\(error)".contains(token))
                #expect(throws: ConfigCatError.self) {
                    try ManagementClient(username: "a", password: "b", options: ClientOptions(headers: [name: token]))
                }
            }
            _ = try await failing { try await client.with(headers: ["X-Note": "a\r\nb: c"]).request("GET", "/v1/me") }
            #expect(!(try journal(simulator)).contains("/v1/me"))
        }
    }

    @Test func optionsDoNotPrintSecrets() {
        let options = ClientOptions(clientCertificate: "secret-key", headers: ["X-Token": token])
        var dumped = ""
        dump(options, to: &dumped)
        let shown = "\(options) \(String(reflecting: options)) \(dumped)"
        #expect(!shown.contains(token) && !shown.contains("secret-key"), "\(shown)")
    }

    @Test func rawRequestReadsAndWrites() async throws {
        try await simulated { client, simulator in
            let organization = try await client.organization()
            let path = "/v1/organizations/\(organization)/products"
            let created = try await client.request("POST", path, body: ["name": "Raw"])
            #expect(created.status == 201 && created.value["name"] == "Raw")
            #expect(try JsonValue(parsing: String(decoding: created.body, as: UTF8.self)) == created.value)
            try await client.request("GET", "/v1/me", query: ["a": "1", "a": "b c"])
            #expect(try journal(simulator).contains(#""query":"a=1&a=b%20c""#))
            let missing = try await failing { try await client.request("GET", "/v1/nothing") }
            #expect(missing.operation == "GET /v1/nothing" && missing.method == "GET" && missing.status == 404)
            let invalid = try await failing { try await client.request("GET", "/v1/../me") }
            #expect(invalid.message.contains("no segment . or .."))
        }
    }

    @Test func rawRequestsArePacedAndRetriedLikeOthers() async throws {
        try await simulated { client, simulator in
            try simulator.admin("POST", "/faults", body: #"{"path":"/v1/me","status":429,"retryAfter":1,"times":1}"#)
            let paced = try await client.request("GET", "/v1/me")
            #expect(paced.attempts == 2 && paced.waited >= .milliseconds(900))
            try simulator.admin("POST", "/faults", body: #"{"path":"/v1/nothing","reset":"before","times":1}"#)
            let lost = try await failing { try await client.request("POST", "/v1/nothing", body: [:]) }
            #expect(lost.attempts == 1 && lost.maybeApplied)
        }
    }

    @Test func withResponseReturnsValueStatusHeadersAndBody() async throws {
        try await simulated { client, _ in
            let response = try await client.withResponse { try await $0.me.get() }
            #expect(response.value.email == "simulator@example.com")
            #expect(response.status == 200 && response.attempts == 1)
            #expect(response.headers["content-type"]?.contains("json") == true && !response.body.isEmpty)
            await #expect(throws: NoCallError.self) { try await client.withResponse { _ in 1 } }
        }
    }

    @Test func errorHasMaskedHeadersMethodAndPathTemplate() async throws {
        try await simulated { client, simulator in
            let fault = #"{"status":400,"headers":{"x-echo":"\#(token)","x-id":"17"},"body":"\#(token)"}"#
            try simulator.admin("POST", "/faults", body: fault)
            let copy = client.with(headers: ["X-Gateway": "Bearer \(token)"])
            let error = try await failing {
                try await copy.configs.get(configId: "08d5a03c-feb7-af1e-a1fa-40b3329f8bed")
            }
            #expect(error.method == "GET" && error.pathTemplate == "/v1/configs/{configId}")
            #expect(error.headers["x-echo"] == "***" && error.headers["x-id"] == "17")
            #expect(!"\(error) \(error.details)".contains("s3cr3t"))
        }
    }

    @Test func clientCertificateIsSentToAServerThatRequiresOne() async throws {
        let variables = ProcessInfo.processInfo.environment
        let url = try #require(variables["MUTUAL_URL"], "run the tests by `cargo xtask test swift`")
        var options = ClientOptions(
            baseUrl: url, maxAttempts: 1, proxy: "", rootCertificates: [try #require(variables["MUTUAL_AUTHORITY"])])
        let without = try ManagementClient(username: "user", password: "hunter2", options: options)
        let refused = try await failing { try await without.me.get() }
        #expect(refused.status == nil)
        options.clientCertificate = variables["MUTUAL_CERTIFICATE"]
        let client = try ManagementClient(username: "user", password: "hunter2", options: options)
        let answered = try await failing { try await client.me.get() }
        #expect(answered.status == 400)
        options.clientCertificate = "nothing"
        #expect(throws: ConfigCatError.self) {
            try ManagementClient(username: "user", password: "hunter2", options: options)
        }
    }

    @Test func requestsAreSentThroughTheProxy() async throws {
        let simulator = try Simulator()
        // The simulator is the proxy of a host that does not exist.
        var options = ClientOptions(baseUrl: "http://configcat.invalid", proxy: simulator.url, allowHttp: true)
        let client = try ManagementClient(
            username: simulator.username, password: simulator.password, options: options)
        #expect(try await client.me.get().email == "simulator@example.com")
        options.rootCertificates = ["no certificate"]
        #expect(throws: ConfigCatError.self) {
            try ManagementClient(username: "user", password: "hunter2", options: options)
        }
    }
}
