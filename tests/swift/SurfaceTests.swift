import ConfigCatManagement
import Testing

@Suite struct SurfaceTests {
    @available(*, deprecated)
    @Test func everyOperationIsThere() throws {
        let client = try ManagementClient(username: "u", password: "p")
        let all = everyOperation(of: client)
        #expect(all.count == 123)
        #expect(Set(all).count == 123)
    }
}
