import ConfigCatManagement
import EmergencySwitch
import Foundation

// Command line: `list` shows every flag, `off KEY ENVIRONMENT REASON` turns one off.

let arguments = CommandLine.arguments.dropFirst()
let emergencySwitch = EmergencySwitch(client: try ManagementClient.fromEnvironment())
var flags: [Flag] = []
for product in try await emergencySwitch.products() {
    flags += try await emergencySwitch.flags(of: product.productId)
}

switch Array(arguments) {
case ["list"]:
    for flag in flags {
        print("\(flag.on ? "on " : "off")  \(flag.key)  (\(flag.environment))")
    }
case let words where words.count == 4 && words[0] == "off":
    guard let flag = flags.first(where: { $0.key == words[1] && $0.environment == words[2] }) else {
        print("There is no flag \(words[1]) in \(words[2]).")
        exit(1)
    }
    let outcome = try await emergencySwitch.turnOff(flag, reason: words[3])
    print(outcome == .off ? "It is off." : "\(outcome)")
    exit(outcome == .off ? 0 : 1)
default:
    print("usage: emergency-switch list | off KEY ENVIRONMENT REASON")
    exit(2)
}
