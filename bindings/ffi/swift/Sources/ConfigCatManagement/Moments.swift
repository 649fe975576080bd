import Foundation

extension Date {
    private static let ticksPerSecond = 10_000_000.0

    /// A moment from the ticks of 100 ns since 1970 in which it travels.
    init(ticks: Int64) {
        self.init(timeIntervalSince1970: Double(ticks) / Self.ticksPerSecond)
    }

    var ticks: Int64 {
        Int64((timeIntervalSince1970 * Self.ticksPerSecond).rounded())
    }
}
