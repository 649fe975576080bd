import Foundation

extension Date {
    private static let ticksPerSecond = 10_000_000.0

    /// Converts the native representation of a timestamp: ticks of 100 ns since 1970.
    init(ticks: Int64) {
        self.init(timeIntervalSince1970: Double(ticks) / Self.ticksPerSecond)
    }

    /// What does not fit becomes the smallest number, which the library reports with the name of the field.
    var ticks: Int64 {
        Int64(exactly: (timeIntervalSince1970 * Self.ticksPerSecond).rounded()) ?? .min
    }
}
