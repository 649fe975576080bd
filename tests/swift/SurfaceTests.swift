import ConfigCatManagement
import Testing

@Suite struct SurfaceTests {
    @available(*, deprecated)
    @Test func everyOperationHasAMethod() throws {
        let client = try ManagementClient(username: "u", password: "p")
        let all = everyOperation(of: client)
        #expect(!all.isEmpty)
        #expect(Set(all).count == all.count)
    }
}
