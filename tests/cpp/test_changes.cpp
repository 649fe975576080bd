// Tests documents of products, plans, applying them, and what is made of them: undo, promote, compare, copies.

#include "testing.hpp"

using namespace configcat::management;

namespace {

struct Fixture {
    Simulator simulator;
    Client client{options_for(simulator)};

    Plan planned(const std::string &text, const PlanOptions &options = {}) {
        return client.plan(ProductDocument::parse(text), options);
    }
    Report applied(const Plan &plan) {
        Report report = client.apply(plan);
        if (!report.is_complete()) {
            throw std::logic_error(report.to_text());
        }
        return report;
    }
};

// Four steps, each of which needs one before it, except for the tag.
const std::string extras = R"(
product: Web Shop
tags: [{ name: brandNew }]
configs:
  - name: Extras
    settings:
      - { key: fastLane, name: Fast lane, settingType: boolean, tags: [brandNew], values: { Test: true } }
)";

std::string checkout(const std::string &values) {
    return "product: Web Shop\nconfigs:\n  - { name: Storefront, settings: [{ key: newCheckout, values: { " + values + " } }] }\n";
}

bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

void document_is_read_from_yaml_and_json() {
    auto document = ProductDocument::parse(extras);
    auto copy = ProductDocument::parse(document.to_json());
    CHECK(copy.product() == "Web Shop" && copy.to_yaml() == document.to_yaml());
    auto mistake = thrown<BadRequestError>([] { ProductDocument::parse("product: Web Shop\ntags: [{ nam: x }]\n"); });
    CHECK(contains(mistake.what(), "did you mean name?") && contains(mistake.what(), "(line 2, column "));
    auto result = ProductDocument::try_parse("[");
    CHECK(!result && result.error().kind() == ErrorKind::bad_request);
}

void exported_product_needs_no_changes() {
    Fixture f;
    auto document = f.client.export_product("Web Shop");
    auto plan = f.client.plan(document);
    CHECK(plan.empty() && plan.requests() == 0 && plan.reads() > 0);
    auto missing = thrown<NotFoundError>([&] { (void)f.client.export_product("Web Shp"); });
    CHECK(contains(missing.what(), "did you mean \"Web Shop\"?"));
    CHECK(!f.client.try_export_product("Web Shp"));
}

void plan_has_typed_steps_and_its_price() {
    Fixture f;
    auto plan = f.planned(checkout("Test: false"));
    CHECK(plan.size() == 1 && plan.requests() == 1 && plan.refused_count() == 0);
    auto step = plan.steps().at(0);
    CHECK(step.action == StepAction::update && step.section == "values");
    CHECK(step.place == "Storefront / newCheckout / Test");
    CHECK(step.before == Json(true) && step.after == Json(false) && !step.refused && !step.note);
    CHECK(f.planned(extras).steps().at(0).action == StepAction::create && !f.planned(extras).steps().at(0).before);
    std::ostringstream out;
    out << plan;
    CHECK(out.str() == plan.to_text() && contains(out.str(), plan.summary()));
    CHECK(contains(plan.to_text(true), "\x1b[") && contains(plan.to_markdown(), "### Plan for Web Shop"));
}

void saved_plan_is_applied() {
    Fixture f;
    auto plan = f.planned(extras);
    auto saved = Plan::parse(plan.to_json());
    CHECK(saved.to_json() == plan.to_json());
    CHECK(f.applied(saved).outcomes().size() == 4);
    CHECK(f.planned(extras).empty());
    const Plan moved = std::move(plan);
    CHECK(moved.size() == 4 && plan.empty() && plan.to_text().empty());
    CHECK(contains(thrown<BadRequestError>([] { Plan::parse("{}"); }).what(), "invalid plan"));
    CHECK(!Plan::try_parse("{}") && !Report::try_parse("{}"));
}

void options_reach_the_plan() {
    Fixture f;
    auto refused = f.planned(checkout("Production: true"));
    CHECK(refused.refused_count() == 1 && refused.steps().at(0).refused == "Production requires a reason (reason)");
    auto error = thrown<BadRequestError>([&] { f.client.apply(refused); });
    CHECK(contains(error.what(), "Production requires a reason"));
    PlanOptions options;
    options.reason = "Launch";
    CHECK(f.planned(checkout("Production: true"), options).refused_count() == 1);
    options.approval = Approval::request;
    auto requested = f.applied(f.planned(checkout("Production: true"), options)).outcomes().at(0);
    CHECK(requested.status == StepStatus::requested && requested.id && !requested.error);
    options.approval = Approval::bypass;
    CHECK(f.applied(f.planned(checkout("Production: true"), options)).outcomes().at(0).status == StepStatus::done);

    const std::string two = "product: Web Shop\ntags: [{ name: checkout }]\n";
    CHECK(f.planned(two).empty());
    PlanOptions prune;
    prune.prune = {"tags"};
    CHECK(f.planned(two, prune).steps().at(0).action == StepAction::remove);
    prune.prune = {"tag"};
    CHECK(contains(thrown<BadRequestError>([&] { f.planned(two, prune); }).what(), "there is no section \"tag\""));

    const std::string type = "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: bannerText, settingType: int }] }]\n";
    CHECK(f.planned(type).refused_count() > 0);
    PlanOptions replace;
    replace.allow_replace = true;
    CHECK(f.planned(type, replace).steps().at(0).action == StepAction::replace);

    const std::string values = "product: Web Shop\nconfigs:\n  - name: Storefront\n    settings:\n"
                               "      - { key: expressDelivery, values: { Test: true } }\n"
                               "      - { key: maxItemsInCart, values: { Test: 7 } }\n";
    PlanOptions strict;
    strict.strict = true;
    CHECK(f.planned(values).requests() == 1 && f.planned(values, strict).requests() == 2);
}

void progress_is_reported_and_can_cancel() {
    Fixture f;
    std::size_t reported = 0;
    std::size_t steps = 0;
    auto stop = [&](std::size_t, std::size_t total) {
        reported++;
        steps = total;
        return false;
    };
    auto cancelled = f.client.try_apply(f.planned(extras), stop);
    CHECK(!cancelled && cancelled.error().kind() == ErrorKind::cancelled && reported == 1 && steps == 4);
    thrown<CancelledError>([&] { f.client.apply(f.planned(extras), stop); });
    auto rest = f.planned(extras);
    CHECK(rest.size() == 2);
    std::size_t last = 0;
    Report report = f.client.apply(rest, [&](std::size_t done, std::size_t) {
        last = done;
        return true;
    });
    CHECK(report.is_complete() && last == rest.size() && report.requests() == rest.requests() + rest.reads());
}

void conflict_tells_what_others_made() {
    Fixture f;
    auto plan = f.planned("product: Web Shop\ntags: [{ name: checkout, color: whale }]\n");
    f.applied(f.planned("product: Web Shop\ntags: [{ name: checkout, color: salmon }]\n"));
    Report report = f.client.apply(plan);
    auto outcome = report.outcomes().at(0);
    CHECK(!report.is_complete() && outcome.step == 0 && outcome.status == StepStatus::conflict && outcome.error);
    CHECK(outcome.theirs && contains(outcome.theirs->text(), "salmon"));
    std::ostringstream out;
    out << report;
    CHECK(out.str() == report.to_text() && contains(out.str(), "conflict: tags checkout"));
}

void undo_restores_what_was_changed() {
    Fixture f;
    auto before = f.client.export_product("Web Shop");
    Report report = Report::parse(f.applied(f.planned(extras)).to_json());
    CHECK(contains(report.summary(), "4 applied"));
    f.applied(f.client.plan(report.undo()));
    CHECK(f.client.export_product("Web Shop").to_yaml() == before.to_yaml());
}

void promotion_copies_values() {
    Fixture f;
    Promotion release{"Web Shop", "Storefront", "Staging", "Test", {"newCheckout"}, {}};
    auto plan = f.client.promote(release);
    CHECK(plan.size() == 1 && plan.steps().at(0).place == "Storefront / newCheckout / Test");
    Promotion only_values = release;
    only_values.aspects = {Aspect::values};
    CHECK(!contains(f.client.promote(only_values).to_json(), "percentage"));
    Promotion only_rules = release;
    only_rules.aspects = {Aspect::rules, Aspect::percentages};
    CHECK(contains(f.client.promote(only_rules).to_json(), "percentage"));
    f.applied(plan);
    CHECK(f.client.promote(release).empty());
    release.from = "Stagin";
    CHECK(contains(thrown<NotFoundError>([&] { (void)f.client.promote(release); }).what(), "did you mean \"Staging\"?"));
    CHECK(!f.client.try_promote(release));
}

void copy_of_a_product_is_like_it() {
    Fixture f;
    f.applied(f.client.clone_product("Web Shop", "Copy", "Corner Shop"));
    CHECK(f.client.compare("Web Shop", "Copy").empty());
    f.applied(f.planned("product: Copy\ntags: [{ name: checkout, color: whale }]\n"));
    auto difference = f.client.try_compare("Web Shop", "Copy");
    CHECK(difference && difference->size() == 1 && contains(difference->steps().at(0).after->text(), "panther"));
    auto again = f.client.try_clone_product("Web Shop", "Copy", "Corner Shop");
    CHECK(!again && again.error().kind() == ErrorKind::conflict);
}

void document_is_applied_at_once() {
    Fixture f;
    std::size_t last = 0;
    PlanOptions options;
    options.reason = "Launch";
    Report report = f.client.apply(ProductDocument::parse(extras), options, [&](std::size_t done, std::size_t) {
        last = done;
        return true;
    });
    CHECK(report.is_complete() && last == 4 && f.planned(extras).empty());
    CHECK(f.client.try_apply(ProductDocument::parse("product: Nowhere\ntags: [{ name: x }]\norganization: Elsewhere\n")).error().kind() ==
          ErrorKind::not_found);
}

void changes_of_a_mirror_apply_to_the_original() {
    Fixture f;
    SimulatorOptions credentials;
    credentials.username = "me";
    credentials.password = "mine";
    const std::string webhooks = "/v1/configs/50000000-0000-4000-8000-000000000001/environments/"
                                 "30000000-0000-4000-8000-000000000001/webhooks";
    f.client.request("POST", webhooks).body(Json::raw(R"({"url": "https://hook.example/a", "content": "c"})")).send();
    Mirror mirror(f.client, "Web Shop", credentials);
    CHECK(mirror.changes().empty() && mirror.username() == "me");
    const std::vector<std::string> secrets = {"signing keys of the webhook https://hook.example/a (Storefront / Test)"};
    CHECK(mirror.placeholders() == secrets);
    Client other(options_for(mirror));
    CHECK(other.export_product("Web Shop").to_yaml() == f.client.export_product("Web Shop").to_yaml());
    CHECK(other.apply(ProductDocument::parse(extras)).is_complete());
    PlanOptions rehearsed;
    rehearsed.reason = "Rehearsed";
    auto plan = mirror.changes(rehearsed);
    CHECK(plan.size() == 4 && plan.steps().at(0).place == "brandNew");
    CHECK(f.simulator.requests("tags.create") == 0 && mirror.requests("tags.create") == 1);
    f.applied(plan);
    CHECK(f.planned(extras).empty());
    auto missing = thrown<NotFoundError>([&] { Mirror(f.client, "Web Shp"); });
    CHECK(contains(missing.what(), "did you mean \"Web Shop\"?"));
}

} // namespace

int main() {
    return run({
        {"document_is_read_from_yaml_and_json", document_is_read_from_yaml_and_json},
        {"exported_product_needs_no_changes", exported_product_needs_no_changes},
        {"plan_has_typed_steps_and_its_price", plan_has_typed_steps_and_its_price},
        {"saved_plan_is_applied", saved_plan_is_applied},
        {"options_reach_the_plan", options_reach_the_plan},
        {"progress_is_reported_and_can_cancel", progress_is_reported_and_can_cancel},
        {"conflict_tells_what_others_made", conflict_tells_what_others_made},
        {"undo_restores_what_was_changed", undo_restores_what_was_changed},
        {"promotion_copies_values", promotion_copies_values},
        {"copy_of_a_product_is_like_it", copy_of_a_product_is_like_it},
        {"document_is_applied_at_once", document_is_applied_at_once},
        {"changes_of_a_mirror_apply_to_the_original", changes_of_a_mirror_apply_to_the_original},
    });
}
