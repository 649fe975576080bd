import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

private let tags = "product: Web Shop\ntags: [{ name: checkout, color: red }, { name: brandNew }, { name: <b>& }]"

private let values = """
    product: Web Shop
    configs:
      - name: Storefront
        settings:
          - { key: maxItemsInCart, values: { Test: 7 } }
          - { key: bannerText, values: { Test: Mine } }
    """

private let production =
    "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: newCheckout, values: { Production: true } }] }]"

/// A document that creates twenty tags, one after the other.
private let manyTags = "product: Web Shop\ntags: [" + (0..<20).map { "{ name: tag\($0) }" }.joined(separator: ", ") + "]"

private func demo(_ test: (ManagementClient, Simulator) async throws -> Void) async throws {
    let simulator = try Simulator(seed: "demo")
    try await test(try simulator.client(), simulator)
}

private func document(_ text: String) throws -> ProductDocument { try ProductDocument(parsing: text) }

private func onlyReads(_ simulator: Simulator) throws -> Bool { try simulator.journal().allSatisfy { $0.method == "GET" } }

private func decoded<T: Codable>(_ value: T) throws -> T {
    try JSONDecoder().decode(T.self, from: JSONEncoder().encode(value))
}

@Suite struct DocumentTests {
    @Test func exportedDocumentSurvivesYamlAndJson() async throws {
        try await demo { client, _ in
            let document = try await client.export("Web Shop")
            #expect(document.product == "Web Shop" && document.organization == nil)
            for copy in [try ProductDocument(parsing: document.yaml), try ProductDocument(parsing: document.json)] {
                #expect(copy == document && copy.hashValue == document.hashValue)
            }
            #expect("\(document)" == document.yaml)
            let renamed = document.renamed(product: "Copy", organization: "Corner Shop")
            #expect(renamed.product == "Copy" && renamed.organization == "Corner Shop" && renamed != document)
            #expect(try await client.plan(ProductDocument(product: "Web Shop")).isEmpty)
        }
    }

    @Test func mistakeInADocumentHasItsPlace() async throws {
        let error = try await failing { try document("product: A\ntags:\n  - { nam: x }\n") }
        guard case .badRequest = error else { throw error }
        let mistake = "invalid document: tags[0].nam: unknown field of a tag, did you mean name? (line 3, column "
        #expect(error.message.hasPrefix(mistake))
    }

    @Test func namesThatDoNotExistAreFieldErrors() async throws {
        try await demo { client, simulator in
            let wrong = "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: newCheckout, tags: [chekout] }] }]"
            let error = try await failing { try await client.plan(document(wrong)) }
            let messages = error.fieldErrors["configs[Storefront].settings[newCheckout].tags[0]"] ?? []
            #expect(messages.first?.contains("did you mean \"checkout\"?") == true)
            let missing = try await failing { try await client.export("Web Shp") }
            guard case .notFound = missing else { throw missing }
            #expect(missing.message.contains("did you mean \"Web Shop\"?"))
            #expect(try onlyReads(simulator))
        }
    }
}

@Suite struct PlanTests {
    @Test func planHasTypedStepsAndItsPrice() async throws {
        try await demo { client, simulator in
            let plan = try await client.plan(document(tags))
            let reads = try simulator.journal().count
            #expect(plan.steps.map(\.description) == ["update tags checkout", "create tags brandNew", "create tags <b>&"])
            #expect(plan.steps[1] == Step(action: .create, section: "tags", path: ["brandNew"], after: ["name": "brandNew"]))
            #expect(plan.steps[0].before == ["color": "panther"] && plan.steps[0].after == ["color": "red"])
            #expect(try decoded(plan.price) == plan.price)
            #expect(plan.price.requests == 3 && plan.price.reads == reads)
            #expect(plan.requests.map(\.operation) == ["tags.update", "tags.create", "tags.create"])
            #expect(try decoded(plan.steps) == plan.steps && decoded(plan.requests) == plan.requests)
            let report = try await client.apply(plan)
            #expect(try simulator.journal().count - reads == report.requests)
            #expect(report.isComplete)
            #expect(try decoded(report.outcomes) == report.outcomes)
            #expect(try await client.plan(document(tags)).isEmpty)
        }
    }

    @Test func planPrintsWellAndSurvivesJson() async throws {
        try await demo { client, _ in
            let plan = try await client.plan(document(tags))
            let summary = "Plan: 2 to create, 1 to update, with 3 requests."
            let text = "tags\n  ~ checkout\n      color: \"panther\" → \"red\"\n  + brandNew\n  + <b>&\n\(summary)\n"
            #expect("\(plan)" == text && plan.summary == summary)
            #expect(plan.text(color: true).contains("\u{1b}[32m  + brandNew\u{1b}[0m"))
            #expect(plan.markdown.contains("| create | \\<b\\>& |"))
            #expect(plan.html.contains("&lt;b&gt;&amp;") && !plan.html.contains("<b>&"))
            let saved = try Plan(parsing: plan.json)
            #expect(saved == plan && saved.hashValue == plan.hashValue)
            let wanted = try document(tags)
            #expect(saved.document == wanted)
            #expect(try await client.plan(ProductDocument(product: "Web Shop")) != plan)
            let error = try await failing { try Plan(parsing: "{}") }
            #expect(error.message.hasPrefix("invalid plan: "))
        }
    }

    @Test func planTellsTheLeastWaitForTheRateLimit() async throws {
        let simulator = try Simulator(seed: "demo", rateLimit: "8/60")
        let client = try simulator.client()
        #expect(try await client.plan(document(tags)).leastWait(client.rateLimit) != nil)
        try await demo { unlimited, _ in
            let plan = try await unlimited.plan(document(tags))
            #expect(plan.leastWait(unlimited.rateLimit) == nil)
        }
    }

    @Test func wrongOptionsAreRefusedWithASuggestion() async throws {
        try await demo { client, simulator in
            let checkout = try document("product: Web Shop\ntags: [{ name: checkout }]")
            let pruned = try await client.plan(checkout, options: PlanOptions(prune: ["tags"]))
            #expect(pruned.steps.map(\.description) == ["delete tags experiment", "delete tags operations"])
            let error = try await failing { try await client.plan(checkout, options: PlanOptions(prune: ["tag"])) }
            guard case .badRequest = error else { throw error }
            #expect(error.message == "prune: there is no section \"tag\"; did you mean \"tags\"?")
            let setting = "{ key: maxItemsInCart, settingType: string }"
            let type = try document("product: Web Shop\nconfigs: [{ name: Storefront, settings: [\(setting)] }]")
            #expect(try await client.plan(type).refused.map(\.action) == [.replace])
            #expect(try await client.plan(type, options: PlanOptions(allowReplace: true)).refused.isEmpty)
            #expect(try onlyReads(simulator))
        }
    }

    @Test func stepsThatTheServiceWouldRefuseStopThePlan() async throws {
        try await demo { client, simulator in
            let wanted = try document(production)
            let plan = try await client.plan(wanted)
            #expect(plan.refused.map(\.refused) == ["Production requires a reason (reason)"])
            for error in [
                try await failing { try await client.apply(plan) },
                try await failing { try await client.applyDocument(wanted) },
            ] {
                #expect(error.message == "the plan cannot be applied: Production requires a reason (reason)")
            }
            #expect(try onlyReads(simulator))
            let request = PlanOptions(reason: "Launch", approval: .request)
            let outcome = try await client.applyDocument(wanted, options: request).outcomes[0]
            #expect(outcome.status == .requested && outcome.isSuccess && outcome.id != nil)
            let bypass = PlanOptions(reason: "Launch", approval: .bypass)
            #expect(try await client.applyDocument(wanted, options: bypass).isComplete)
        }
    }
}

@Suite struct ApplyTests {
    @MainActor @Test func progressIsReportedOnTheActorOfTheCaller() async throws {
        let simulator = try Simulator(seed: "demo")
        let client = try simulator.client()
        var seen: [String] = []
        let plan = try await client.plan(document(tags))
        let report = try await client.apply(plan) { progress in
            MainActor.assertIsolated()
            seen.append("\(progress)")
        }
        #expect(report.isComplete && seen == ["1 of 3 steps", "2 of 3 steps", "3 of 3 steps"])
        try await client.applyDocument(report.undo()) { seen = ["\($0.completed)/\($0.total)"] }
        #expect(seen == ["3/3"])
    }

    @Test func stoppedApplicationReturnsAReportThatCanBeTakenBack() async throws {
        try await demo { client, simulator in
            let before = try await client.export("Web Shop")
            try simulator.addFault(Fault(operation: "tags.create", delayMs: 100))
            let report = try await client.applyDocument(document(manyTags)) { $0.stop() }
            let created = report.outcomes.filter { $0.status == .done }.count
            #expect((1..<20).contains(created))
            #expect(report.failures.count == 20 - created)
            #expect(report.failures.allSatisfy { $0.status == .skipped && $0.error == "applying was stopped" })
            #expect(try simulator.journal(operation: "tags.create").count == created)
            try simulator.clearFaults()
            try await client.applyDocument(report.undo()).throwForFailures()
            #expect(try await client.export("Web Shop") == before)
        }
    }

    @Test func cancellingStopsBetweenRequestsAndApplyingAgainContinues() async throws {
        try await demo { client, simulator in
            let plan = try await client.plan(document(manyTags))
            try simulator.addFault(Fault(operation: "tags.create", skip: 5, delayMs: 60_000))
            let completed = Shared(0)
            let running = Task {
                try await client.apply(plan) { now in completed.change { $0 = now.completed } }
            }
            try await eventually("five tags are created, and the sixth is in flight") {
                completed.value == 5 && client.rateLimit.inFlight == 1
            }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            try await eventually("no call is in flight") { client.rateLimit.inFlight == 0 }
            try simulator.clearFaults()
            #expect(try simulator.journal(operation: "tags.create", status: 201).count == 5)
            let report = try await client.apply(plan)
            #expect(report.isComplete && report.outcomes.filter { $0.status == .alreadyDone }.count >= 5)
            let product = try await client.products.find(name: "Web Shop").productId
            #expect(try await client.tags.list(productId: product).filter { $0.name.hasPrefix("tag") }.count == 20)
        }
    }

    @Test func conflictStopsOnlyItsStep() async throws {
        try await demo { client, _ in
            let saved = try await client.plan(document(values))
            let theirs = "[{ key: bannerText, values: { Test: Theirs } }]"
            try await client.applyDocument(document("product: Web Shop\nconfigs: [{ name: Storefront, settings: \(theirs) }]"))
            let report = try await client.apply(saved)
            #expect(report.outcomes.map(\.status) == [.done, .conflict] && !report.isComplete)
            let conflict = report.failures[0]
            #expect(conflict.index == 1 && conflict.step == saved.steps[1] && conflict.theirs == "Theirs")
            #expect("\(conflict)".hasPrefix("conflict: update values Storefront / bannerText / Test: "))
            let error = try await failing { try report.throwForFailures() }
            guard case .conflict = error else { throw error }
            #expect(error.message.hasPrefix("1 of 2 steps were not applied: conflict: values Storefront / bannerText / Test"))
            #expect("\(report)".contains("1 applied, 1 in conflict") && report.html.contains("&quot;Theirs&quot;"))
        }
    }

    @Test func undoRestoresWhatWasChanged() async throws {
        try await demo { client, _ in
            let before = try await client.export("Web Shop")
            let report = try await client.applyDocument(document(values))
            try report.throwForFailures()
            #expect(try await client.export("Web Shop") != before)
            let saved = try Report(parsing: report.json)
            #expect(saved == report && saved.hashValue == report.hashValue && saved.plan == report.plan)
            try await client.applyDocument(saved.undo()).throwForFailures()
            #expect(try await client.export("Web Shop") == before)
            let error = try await failing { try Report(parsing: "[]") }
            #expect(error.message.hasPrefix("invalid report: "))
        }
    }

    @Test func optionsOfACopyApplyToEachCallOfAJob() async throws {
        try await demo { client, simulator in
            try simulator.addFault(Fault(operation: "tags.list", delayMs: 3_000))
            let hasty = client.with(timeout: .milliseconds(300), maxAttempts: 1, headers: ["X-Team": "web"])
            let error = try await failing { try await hasty.export("Web Shop") }
            guard case .timeout = error else { throw error }
            #expect(try simulator.journal().allSatisfy { $0.requestHeaders["x-team"] == "web" })
            try simulator.clearFaults()
            let response = try await client.withResponse { try await $0.export("Web Shop") }
            #expect(response.status == 200 && response.value.product == "Web Shop")
        }
    }
}

@Suite struct ApplyFileTests {
    @Test func fileIsAppliedOrTakenBack() async throws {
        try await demo { client, simulator in
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("flags-\(UUID()).yaml")
            try tags.write(to: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(at: file) }
            let before = try await client.export("Web Shop")
            try simulator.addFault(Fault(operation: "tags.create", skip: 1, times: 1, status: 403))
            #expect(try await applyFile(client, file).failures.count == 1)
            #expect(try await client.export("Web Shop") == before)
            #expect(try await applyFile(client, file).isComplete)
            #expect(try await client.plan(document(tags)).isEmpty)
        }
    }
}

@Suite struct PromoteTests {
    @Test func promotionCopiesValues() async throws {
        try await demo { client, _ in
            var promotion = Promotion(product: "Web Shop", config: "Storefront", from: "Staging", to: "Test")
            promotion.flags = ["maxItemsInCart"]
            let one = try await client.promote(promotion)
            #expect(one.steps.map(\.place) == ["Storefront / maxItemsInCart / Test"] && one.steps[0].after == 50)
            promotion.flags = []
            #expect(try await client.apply(client.promote(promotion)).isComplete)
            #expect(try await client.promote(promotion).isEmpty)
            promotion.from = "Production"
            promotion.flags = ["newCheckout"]
            promotion.aspects = [.values]
            #expect(try await client.promote(promotion).isEmpty)
            promotion.aspects = [.percentages]
            #expect(try await client.promote(promotion).steps.count == 1)
            promotion.flags = ["newChekout"]
            let wrong = promotion
            let error = try await failing { try await client.promote(wrong) }
            #expect(error.message == "there is no flag \"newChekout\"; did you mean \"newCheckout\"?")
        }
    }

    @Test func copyOfAProductIsEqualToIt() async throws {
        try await demo { client, _ in
            let plan = try await client.cloneProduct("Web Shop", name: "Copy", organization: "Corner Shop")
            #expect(plan.document.organization == "Corner Shop" && plan.steps[0].section == "products")
            try await client.apply(plan).throwForFailures()
            #expect(try await client.compare("Web Shop", to: "Copy").isEmpty)
            try await client.applyDocument(document(values)).throwForFailures()
            #expect(try await client.compare("Web Shop", to: "Copy").steps.count == 2)
            let error = try await failing {
                try await client.cloneProduct("Web Shop", name: "Copy", organization: "Corner Shop")
            }
            guard case .conflict = error else { throw error }
        }
    }
}

@Suite struct MirrorTests {
    @Test func changesOfAMirrorApplyToTheRealProduct() async throws {
        try await demo { client, simulator in
            let product = try await client.products.find(name: "Web Shop").productId
            let mirror = try await Simulator.mirror(client, product: "Web Shop")
            #expect(mirror.url != simulator.url && mirror.placeholders.isEmpty)
            #expect(try await mirror.changes().isEmpty)
            let other = try mirror.client()
            #expect(try await other.export("Web Shop") == client.export("Web Shop"))
            _ = try await other.tags.create(productId: product, body: CreateTag(name: "brandNew"))
            try await other.applyDocument(document(values)).throwForFailures()
            let plan = try await mirror.changes(options: PlanOptions(reason: "Rehearsed"))
            let changed = ["brandNew", "Storefront / bannerText / Test", "Storefront / maxItemsInCart / Test"]
            #expect(Set(plan.steps.map(\.place)) == Set(changed))
            #expect(try onlyReads(simulator))
            try await client.apply(plan).throwForFailures()
            #expect(try simulator.journal(operation: "flag_values.*").last { $0.method != "GET" }?.query == "reason=Rehearsed")
            #expect(try await client.tags.list(productId: product).contains { $0.name == "brandNew" })
        }
    }

    @Test func secretsOfAMirrorArePlaceholders() async throws {
        try await demo { client, _ in
            let product = try await client.products.find(name: "Web Shop").productId
            let config = try await client.configs.find(productId: product, name: "Storefront").configId
            let environment = try await client.environments.find(productId: product, name: "Test").environmentId
            _ = try await client.webhooks.create(
                configId: config, environmentId: environment,
                body: WebhookInput(url: "https://hook.example/a", content: .value("c")))
            let mirror = try await Simulator.mirror(client, product: "Web Shop")
            #expect(mirror.placeholders == ["signing keys of the webhook https://hook.example/a (Storefront / Test)"])
            let error = try await failing { try await Simulator.mirror(client, product: "Web Shp") }
            guard case .notFound = error else { throw error }
        }
    }
}
