// Documents of products, plans and reports.

#ifndef CONFIGCAT_MANAGEMENT_CHANGES_HPP
#define CONFIGCAT_MANAGEMENT_CHANGES_HPP

#include "json.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace configcat::management {

/// What a step does with an entity.
enum class StepAction {
    /// Creates it.
    create = CCM_STEP_CREATE,
    /// Changes it.
    update = CCM_STEP_UPDATE,
    /// Deletes it and creates it again, because a field of it cannot be changed.
    replace = CCM_STEP_REPLACE,
    /// Deletes it.
    remove = CCM_STEP_DELETE,
};

/// Result of a step.
enum class StepStatus {
    /// It was applied.
    done = CCM_STEP_DONE,
    /// There was nothing to do any more: the entity is as the step wants it.
    already_done = CCM_STEP_ALREADY_DONE,
    /// A change request was created, which others have to approve.
    requested = CCM_STEP_REQUESTED,
    /// It was not applied, because the entity has been changed since the plan was made.
    conflict = CCM_STEP_CONFLICT,
    /// The service refused it, or did not respond.
    failed = CCM_STEP_FAILED,
    /// It was not applied, because a step that it needs was not.
    skipped = CCM_STEP_SKIPPED,
};

/// What happens to values in environments that require an approval.
enum class Approval {
    /// The plan is not applied.
    refuse,
    /// Change requests are created, one for each config and environment.
    request,
    /// The values are changed without the approval, to which the caller must have the right.
    bypass,
};

/// Part of a value that is promoted.
enum class Aspect {
    /// The value that is served if no rule matches.
    values,
    /// Rules that serve one value.
    rules,
    /// Rules that serve values by percentage, and the attribute of which percentages are calculated.
    percentages,
};

/// Options of a plan.
struct PlanOptions {
    /// Reason of the changes, which environments may require.
    std::optional<std::string> reason{};
    /// What happens to values in environments that require an approval.
    Approval approval = Approval::refuse;
    /// Sections, such as "tags", of which everything is deleted that the document does not have.
    std::vector<std::string> prune{};
    /// Whether to delete and create again what cannot be changed: the type of a flag, the evaluation version of a config.
    bool allow_replace = false;
    /// Whether to write each value by a request of its own, with the version that it builds on.
    bool strict = false;
};

/// Which values are promoted, and where to.
struct Promotion {
    /// Name or id of the product.
    std::string product;
    /// Name of the config.
    std::string config;
    /// Environment whose values are promoted.
    std::string from;
    /// Environment that gets them.
    std::string to;
    /// Keys of the flags; empty means all.
    std::vector<std::string> flags{};
    /// Parts of the values; empty means all.
    std::vector<Aspect> aspects{};
};

/// One change to one entity.
struct Step {
    StepAction action;
    /// Section of the entity: "tags", "settings", "values" and so on.
    std::string section;
    /// Names that lead to the entity, such as "Storefront / newCheckout / Production".
    std::string place;
    /// Fields that change, as they are; everything that is deleted.
    std::optional<Json> before;
    /// Fields that change, as they will be.
    std::optional<Json> after;
    /// Why the service would refuse the step.
    std::optional<std::string> refused;
    /// What to know about the step before it is applied.
    std::optional<std::string> note;
};

/// Result of a step.
struct StepOutcome {
    /// Position of the step in the plan.
    std::size_t step;
    StepStatus status;
    /// Id of the entity that was created, or of the change request.
    std::optional<std::string> id;
    /// Why it was not applied.
    std::optional<std::string> error;
    /// What others made of the entity, after a conflict.
    std::optional<Json> theirs;
};

/// Called after each request with the number of completed steps and of all steps, on the thread that applies the plan. Returns whether
/// to continue; false cancels the steps that have not completed. It must neither throw nor wait.
using ApplyProgress = std::function<bool(std::size_t done, std::size_t total)>;

namespace detail {

/// NULL, which the C functions return for an object that has been moved from, is empty.
inline std::string text(const char *pointer) { return pointer != nullptr ? pointer : ""; }

inline std::optional<std::string> optional_text(const char *text) {
    return text != nullptr ? std::optional<std::string>(text) : std::nullopt;
}

inline std::optional<Json> optional_json(const ccm_value *value) {
    return value != nullptr ? std::optional<Json>(Json::raw(std::string(Value(value).json()))) : std::nullopt;
}

inline void write_list(ccm_builder *out, const char *name, const std::vector<std::string> &items) {
    ccm_builder_begin_list(out, name);
    for (const auto &item : items) {
        write(out, nullptr, std::string_view(item));
    }
    ccm_builder_end(out);
}

inline Result<std::string> options_json(const PlanOptions &options) {
    Writer writer;
    if (options.reason) {
        write(writer.get(), "reason", std::string_view(*options.reason));
    }
    const char *approval = options.approval == Approval::request  ? "request"
                           : options.approval == Approval::bypass ? "bypass"
                                                                  : "refuse";
    write(writer.get(), "approval", approval);
    write_list(writer.get(), "prune", options.prune);
    write(writer.get(), "allow_replace", options.allow_replace);
    write(writer.get(), "strict", options.strict);
    return writer.try_finish();
}

inline Result<std::string> promotion_json(const Promotion &promotion) {
    Writer writer;
    write(writer.get(), "product", std::string_view(promotion.product));
    write(writer.get(), "config", std::string_view(promotion.config));
    write(writer.get(), "from", std::string_view(promotion.from));
    write(writer.get(), "to", std::string_view(promotion.to));
    write_list(writer.get(), "flags", promotion.flags);
    std::vector<std::string> aspects;
    for (Aspect aspect : promotion.aspects) {
        aspects.emplace_back(aspect == Aspect::values ? "values" : aspect == Aspect::rules ? "rules" : "percentages");
    }
    write_list(writer.get(), "aspects", aspects);
    return writer.try_finish();
}

/// Calls a C function that returns a handle, which becomes a T.
template <class T, class Handle, class Call>
Result<T> handed(Call call) {
    Handle *handle = nullptr;
    ccm_error *error = nullptr;
    if (ccm_status status = call(&handle, &error); status != CCM_OK) {
        return Error::from(status, error);
    }
    return T(handle);
}

} // namespace detail

/// The desired state of a product, or of a part of it, by names and without ids. Immutable; copies share it.
class ProductDocument {
  public:
    /// Parses a document from YAML or JSON. Throws BadRequestError with the path, line and column of the first mistake.
    static ProductDocument parse(std::string_view text) { return try_parse(text).value(); }
    /// Like parse(), but returns errors instead of throwing them.
    static Result<ProductDocument> try_parse(std::string_view text) {
        return detail::handed<ProductDocument, ccm_product_document>([&](ccm_product_document **document, ccm_error **error) {
            return ccm_product_document_parse(text.data(), text.size(), document, error);
        });
    }
    /// Takes ownership of a C document.
    explicit ProductDocument(ccm_product_document *document) : handle_(detail::ProductDocumentHandle(document)) {}

    /// Name of the product.
    [[nodiscard]] std::string product() const { return detail::text(ccm_product_document_product(handle_.get())); }
    /// Writes the document as YAML.
    [[nodiscard]] std::string to_yaml() const { return detail::text(ccm_product_document_yaml(handle_.get())); }
    /// Writes the document as JSON.
    [[nodiscard]] std::string to_json() const { return detail::text(ccm_product_document_json(handle_.get())); }
    /// Returns the C document, which remains owned by this object.
    [[nodiscard]] const ccm_product_document *get() const noexcept { return handle_.get(); }

  private:
    std::shared_ptr<const ccm_product_document> handle_;
};

/// Ordered steps from the actual state of a product to the one of a document, with their price. Immutable; copies share it.
class Plan {
  public:
    /// Parses a plan that was saved with to_json(). Throws BadRequestError.
    static Plan parse(std::string_view json) { return try_parse(json).value(); }
    /// Like parse(), but returns errors instead of throwing them.
    static Result<Plan> try_parse(std::string_view json) {
        return detail::handed<Plan, ccm_plan>(
            [&](ccm_plan **plan, ccm_error **error) { return ccm_plan_parse(json.data(), json.size(), plan, error); });
    }
    /// Takes ownership of a C plan.
    explicit Plan(ccm_plan *plan) : handle_(detail::PlanHandle(plan)) {}

    /// Number of steps.
    [[nodiscard]] std::size_t size() const noexcept { return ccm_plan_step_count(get()); }
    /// Whether there is nothing to do.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    /// Returns the steps, in the order in which they are applied.
    [[nodiscard]] std::vector<Step> steps() const {
        std::vector<Step> steps;
        steps.reserve(size());
        for (std::size_t i = 0; i < size(); i++) {
            steps.push_back({static_cast<StepAction>(ccm_plan_step_action(get(), i)), ccm_plan_step_section(get(), i),
                             ccm_plan_step_place(get(), i), detail::optional_json(ccm_plan_step_before(get(), i)),
                             detail::optional_json(ccm_plan_step_after(get(), i)),
                             detail::optional_text(ccm_plan_step_refused(get(), i)),
                             detail::optional_text(ccm_plan_step_note(get(), i))});
        }
        return steps;
    }
    /// Number of requests that applying the plan sends, without retries.
    [[nodiscard]] std::uint32_t requests() const noexcept { return ccm_plan_requests(get()); }
    /// Number of requests that making the plan has sent, without retries.
    [[nodiscard]] std::uint32_t reads() const noexcept { return ccm_plan_reads(get()); }
    /// Number of steps that the service would refuse. A plan with such steps is not applied.
    [[nodiscard]] std::size_t refused_count() const noexcept { return ccm_plan_refused_count(get()); }
    /// Returns one line: the number of steps by action, and the price.
    [[nodiscard]] std::string summary() const { return detail::text(ccm_plan_summary(get())); }
    /// Writes the plan for a terminal, with or without colours.
    [[nodiscard]] std::string to_text(bool colour = false) const { return detail::text(ccm_plan_text(get(), colour)); }
    /// Writes the plan as Markdown, for pull requests.
    [[nodiscard]] std::string to_markdown() const { return detail::text(ccm_plan_markdown(get())); }
    /// Writes the plan as JSON, to be saved and applied later.
    [[nodiscard]] std::string to_json() const { return detail::text(ccm_plan_json(get())); }
    /// Returns the C plan, which remains owned by this object.
    [[nodiscard]] const ccm_plan *get() const noexcept { return handle_.get(); }

    friend std::ostream &operator<<(std::ostream &out, const Plan &plan) { return out << plan.to_text(); }

  private:
    std::shared_ptr<const ccm_plan> handle_;
};

/// What applying a plan did, with what is needed to take it back. Immutable; copies share it.
class Report {
  public:
    /// Parses a report that was saved with to_json(). Throws BadRequestError.
    static Report parse(std::string_view json) { return try_parse(json).value(); }
    /// Like parse(), but returns errors instead of throwing them.
    static Result<Report> try_parse(std::string_view json) {
        return detail::handed<Report, ccm_report>([&](ccm_report **report, ccm_error **error) {
            return ccm_report_parse(json.data(), json.size(), report, error);
        });
    }
    /// Takes ownership of a C report.
    explicit Report(ccm_report *report) : handle_(detail::ReportHandle(report)) {}

    /// Whether every step succeeded.
    [[nodiscard]] bool is_complete() const noexcept { return ccm_report_is_complete(get()); }
    /// Number of requests that were sent, without retries.
    [[nodiscard]] std::uint32_t requests() const noexcept { return ccm_report_requests(get()); }
    /// Returns the result of each step, in the order of the plan.
    [[nodiscard]] std::vector<StepOutcome> outcomes() const {
        std::vector<StepOutcome> outcomes;
        for (std::size_t i = 0; i < ccm_report_count(get()); i++) {
            outcomes.push_back({ccm_report_step(get(), i), static_cast<StepStatus>(ccm_report_status(get(), i)),
                                detail::optional_text(ccm_report_id(get(), i)),
                                detail::optional_text(ccm_report_error(get(), i)),
                                detail::optional_json(ccm_report_theirs(get(), i))});
        }
        return outcomes;
    }
    /// Returns the document with the state from before, for everything that was done. Planning it shows what taking it back changes;
    /// what was deleted comes back with new ids.
    [[nodiscard]] ProductDocument undo() const {
        return detail::handed<ProductDocument, ccm_product_document>([&](ccm_product_document **document, ccm_error **error) {
                   return ccm_report_undo(get(), document, error);
               }).value();
    }
    /// Returns one line: the number of steps by their results.
    [[nodiscard]] std::string summary() const { return detail::text(ccm_report_summary(get())); }
    /// Writes the report for a terminal: a line for each step that did not succeed, and the summary.
    [[nodiscard]] std::string to_text() const { return detail::text(ccm_report_text(get())); }
    /// Writes the report as JSON, to be saved and taken back later.
    [[nodiscard]] std::string to_json() const { return detail::text(ccm_report_json(get())); }
    /// Returns the C report, which remains owned by this object.
    [[nodiscard]] const ccm_report *get() const noexcept { return handle_.get(); }

    friend std::ostream &operator<<(std::ostream &out, const Report &report) { return out << report.to_text(); }

  private:
    std::shared_ptr<const ccm_report> handle_;
};

namespace detail {

/// The change layer of a client, of which `Self` is the class.
template <class Self>
class Changes {
  public:
    /// Reads a product as a document, by its name or id. Throws NotFoundError with a similar name.
    [[nodiscard]] ProductDocument export_product(const std::string &product) const { return try_export_product(product).value(); }
    /// Like export_product(), but returns errors instead of throwing them.
    [[nodiscard]] Result<ProductDocument> try_export_product(const std::string &product) const {
        return handed<ProductDocument, ccm_product_document>([&](ccm_product_document **document, ccm_error **error) {
            return ccm_export(handle(), product.c_str(), document, error);
        });
    }

    /// Reads a product, by its name or id, as the seed of a Mirror: JSON with the ids, versions and SDK keys. Throws NotFoundError with
    /// a similar name.
    [[nodiscard]] std::string export_seed(const std::string &product) const { return try_export_seed(product).value(); }
    /// Like export_seed(), but returns errors instead of throwing them.
    [[nodiscard]] Result<std::string> try_export_seed(const std::string &product) const {
        auto seed = handed<Document, ccm_document>([&](ccm_document **document, ccm_error **error) {
            return ccm_export_seed(handle(), product.c_str(), document, error);
        });
        if (!seed) {
            return seed.error();
        }
        return std::string(seed->value().json());
    }

    /// Compares a document with its product, and returns the steps from one to the other with their price. Only reads. Throws
    /// BadRequestError with every name that does not exist, by their places in the document.
    [[nodiscard]] Plan plan(const ProductDocument &document, const PlanOptions &options = {}) const {
        return try_plan(document, options).value();
    }
    /// Like plan(), but returns errors instead of throwing them.
    [[nodiscard]] Result<Plan> try_plan(const ProductDocument &document, const PlanOptions &options = {}) const {
        auto json = options_json(options);
        if (!json) {
            return json.error();
        }
        return handed<Plan, ccm_plan>([&](ccm_plan **plan, ccm_error **error) {
            return ccm_plan_new(handle(), document.get(), json->c_str(), plan, error);
        });
    }

    /// Applies a plan, and waits until all steps have completed.
    ///
    /// The plan is made again first. A step that differs from it is a conflict, which does not stop the others. Errors of requests that
    /// write are in the report. Applying again continues: what is done is not repeated. Throws BadRequestError if the service would
    /// refuse steps, and CancelledError if `progress` cancels it: steps may have been applied then, and there is no report.
    Report apply(const Plan &plan, const ApplyProgress &progress = {}) const { return try_apply(plan, progress).value(); }
    /// Like apply(), but returns errors instead of throwing them.
    [[nodiscard]] Result<Report> try_apply(const Plan &plan, const ApplyProgress &progress = {}) const {
        return handed<Report, ccm_report>([&](ccm_report **report, ccm_error **error) {
            return ccm_apply(handle(), plan.get(), progress_callback(progress), progress_data(progress), report, error);
        });
    }

    /// Makes a plan and applies it at once, without reading again in between. Throws the errors of plan() and apply().
    Report apply(const ProductDocument &document, const PlanOptions &options = {}, const ApplyProgress &progress = {}) const {
        return try_apply(document, options, progress).value();
    }
    /// Like apply(), but returns errors instead of throwing them.
    [[nodiscard]] Result<Report> try_apply(const ProductDocument &document, const PlanOptions &options = {},
                                           const ApplyProgress &progress = {}) const {
        auto json = options_json(options);
        if (!json) {
            return json.error();
        }
        return handed<Report, ccm_report>([&](ccm_report **report, ccm_error **error) {
            return ccm_apply_document(handle(), document.get(), json->c_str(), progress_callback(progress), progress_data(progress), report, error);
        });
    }

    /// Plans to give flags of an environment the values that they have in another one. Throws NotFoundError with a similar name.
    [[nodiscard]] Plan promote(const Promotion &promotion, const PlanOptions &options = {}) const {
        return try_promote(promotion, options).value();
    }
    /// Like promote(), but returns errors instead of throwing them.
    [[nodiscard]] Result<Plan> try_promote(const Promotion &promotion, const PlanOptions &options = {}) const {
        auto json = options_json(options);
        auto wanted = promotion_json(promotion);
        if (!json || !wanted) {
            return json ? wanted.error() : json.error();
        }
        return handed<Plan, ccm_plan>([&](ccm_plan **plan, ccm_error **error) {
            return ccm_promote(handle(), wanted->c_str(), json->c_str(), plan, error);
        });
    }

    /// Returns what differs between two products: the steps that would make the second one like the first one.
    [[nodiscard]] Plan compare(const std::string &from, const std::string &to) const { return try_compare(from, to).value(); }
    /// Like compare(), but returns errors instead of throwing them.
    [[nodiscard]] Result<Plan> try_compare(const std::string &from, const std::string &to) const {
        return handed<Plan, ccm_plan>([&](ccm_plan **plan, ccm_error **error) {
            return ccm_compare(handle(), from.c_str(), to.c_str(), plan, error);
        });
    }

    /// Plans to create a copy of a product under another name, or in another organization. Members and secrets are not copied. Throws
    /// ConflictError if a product has the name already.
    [[nodiscard]] Plan clone_product(const std::string &product, const std::string &name,
                                     const std::optional<std::string> &organization = {}) const {
        return try_clone_product(product, name, organization).value();
    }
    /// Like clone_product(), but returns errors instead of throwing them.
    [[nodiscard]] Result<Plan> try_clone_product(const std::string &product, const std::string &name,
                                                 const std::optional<std::string> &organization = {}) const {
        return handed<Plan, ccm_plan>([&](ccm_plan **plan, ccm_error **error) {
            return ccm_clone_product(handle(), product.c_str(), name.c_str(), organization ? organization->c_str() : nullptr, plan,
                                     error);
        });
    }

  private:
    static ccm_progress progress_callback(const ApplyProgress &progress) noexcept {
        ccm_progress call = [](void *user_data, std::size_t done, std::size_t total) noexcept {
            return (*static_cast<const ApplyProgress *>(user_data))(done, total);
        };
        return progress ? call : nullptr;
    }
    static void *progress_data(const ApplyProgress &progress) noexcept { return const_cast<ApplyProgress *>(&progress); }
    [[nodiscard]] const ccm_client *handle() const noexcept { return static_cast<const Self *>(this)->get(); }
};

} // namespace detail

} // namespace configcat::management

#endif
