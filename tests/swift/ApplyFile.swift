import ConfigCatManagement
import Foundation

/// Applies a file, and takes back what was done if a step was not applied.
func applyFile(_ client: ManagementClient, _ file: URL) async throws -> Report {
    let document = try ProductDocument(parsing: String(contentsOf: file, encoding: .utf8))
    let plan = try await client.plan(document, options: PlanOptions(reason: "Launch"))
    print(plan)
    let report = try await client.apply(plan) { progress in print(progress) }
    print(report.summary)
    if !report.isComplete {
        try await client.applyDocument(report.undo(), options: PlanOptions(reason: "Undo")).throwForFailures()
    }
    return report
}
