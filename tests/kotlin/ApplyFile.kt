package configcat.management.tests

import configcat.management.ManagementClient
import configcat.management.PlanOptions
import configcat.management.ProductDocument
import configcat.management.Report
import java.io.File

/** Applies a file, and takes back what was done if a step was not applied. */
suspend fun applyFile(client: ManagementClient, file: File): Report {
    val plan = client.plan(ProductDocument.parse(file.readText()), PlanOptions(reason = "Launch"))
    println(plan)
    val report = client.apply(plan) { progress -> println(progress) }
    println(report.summary)
    if (!report.isComplete) {
        client.applyDocument(report.undo(), PlanOptions(reason = "Undo")).throwForFailures()
    }
    return report
}
