import ConfigCatManagement
import Foundation

/// Swift Testing has a type `Tag`, too.
typealias Tag = ConfigCatManagement.Tag

struct NoPlayer: Error {}

/// Returns a client for one vector. The player responds with 418 to a request that differs from the vector's.
func vector(_ file: String, _ number: Int) throws -> ManagementClient {
    guard let player = ProcessInfo.processInfo.environment["CONTRACT_PLAYER"] else { throw NoPlayer() }
    let options = ClientOptions(baseUrl: "\(player)/\(file)/\(number)", maxAttempts: 1)
    return try ManagementClient(username: "user", password: "pass", options: options)
}

/// Parses an RFC 3339 timestamp with any number of fraction digits.
func timestamp(_ text: String) -> Date {
    let parts = text.replacingOccurrences(of: "Z", with: "").split(separator: "T")
    let day = parts[0].split(separator: "-").map { Int($0)! }
    let time = parts[1].split(separator: ":")
    let seconds = time[2].split(separator: ".")
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: "UTC")!
    let whole = calendar.date(
        from: DateComponents(
            year: day[0], month: day[1], day: day[2],
            hour: Int(time[0])!, minute: Int(time[1])!, second: Int(seconds[0])!))!
    let fraction = seconds.count > 1 ? String(seconds[1]).padding(toLength: 7, withPad: "0", startingAt: 0) : "0"
    let ticks = Int64(whole.timeIntervalSince1970) * 10_000_000 + Int64(fraction)!
    return Date(timeIntervalSince1970: Double(ticks) / 10_000_000)
}
