// JSON Patch, webhook verification, and JSON of models.

#ifndef CONFIGCAT_MANAGEMENT_TOOLS_HPP
#define CONFIGCAT_MANAGEMENT_TOOLS_HPP

#include "json.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace configcat::management {

/// JSON Patch (RFC 6902): changes of a document, in the order in which they are applied.
class JsonPatch {
  public:
    /// Adds a value, or inserts it into a list; "-" as the last path segment is the end of the list.
    JsonPatch &add(std::string path, const Json &value) { return step("add", std::move(path), &value, {}); }
    /// Replaces a value.
    JsonPatch &replace(std::string path, const Json &value) { return step("replace", std::move(path), &value, {}); }
    /// Applies the patch only if the value at the path equals this value.
    JsonPatch &test(std::string path, const Json &value) { return step("test", std::move(path), &value, {}); }
    /// Removes a value.
    JsonPatch &remove(std::string path) { return step("remove", std::move(path), nullptr, {}); }
    /// Moves a value.
    JsonPatch &move(std::string from, std::string path) { return step("move", std::move(path), nullptr, std::move(from)); }
    /// Copies a value.
    JsonPatch &copy(std::string from, std::string path) { return step("copy", std::move(path), nullptr, std::move(from)); }

    /// Computes a small patch that turns one model into another: of a type that a patch operation changes, such as
    /// UpdateEvaluationFormula.
    template <class Model, class Name = detail::EditName<Model>>
    static JsonPatch diff(const Model &before, const Model &after) {
        std::string old_json = detail::json(before);
        std::string new_json = detail::json(after);
        return computed([&](ccm_document **document, ccm_error **error) {
            return ccm_patch_diff_drafts(Name::value, old_json.data(), old_json.size(), new_json.data(), new_json.size(), document,
                                         error);
        });
    }

    /// Computes a small patch that turns one JSON document into another. Both have wire names, such as defaultValue: to_json()
    /// writes other names, for which there is diff().
    static JsonPatch diff_json(std::string_view before, std::string_view after) {
        return computed([&](ccm_document **document, ccm_error **error) {
            return ccm_patch_diff(before.data(), before.size(), after.data(), after.size(), document, error);
        });
    }

    [[nodiscard]] std::size_t size() const noexcept { return operations_.size(); }
    [[nodiscard]] bool empty() const noexcept { return operations_.empty(); }

    friend void write(ccm_builder *out, const char *name, const JsonPatch &patch) {
        ccm_builder_begin_list(out, name);
        for (const auto &operation : patch.operations_) {
            ccm_builder_json(out, nullptr, operation.data(), operation.size());
        }
        ccm_builder_end(out);
    }
    friend void read(Value value, JsonPatch &out) {
        out.operations_.clear();
        for (Value operation : value) {
            out.operations_.emplace_back(operation.json());
        }
    }

  private:
    template <class Call>
    static JsonPatch computed(Call call) {
        ccm_document *document = nullptr;
        detail::check([&](ccm_error **error) { return call(&document, error); });
        Document owned(document);
        JsonPatch patch;
        read(owned.value(), patch);
        return patch;
    }

    JsonPatch &step(const char *op, std::string path, const Json *value, std::optional<std::string> from) {
        using detail::write;
        detail::Writer writer;
        write(writer.get(), "op", std::string_view(op));
        write(writer.get(), "path", path);
        if (from) {
            write(writer.get(), "from", *from);
        }
        if (value != nullptr) {
            write(writer.get(), "value", *value);
        }
        operations_.push_back(writer.finish());
        return *this;
    }

    std::vector<std::string> operations_;
};

/// Verifies that webhook requests come from the service.
class WebhookVerifier {
  public:
    /// @param keys Signing keys as the service shows them: one, or two during a key rotation. If there is none, or all are empty,
    ///        verify() throws MisuseError.
    /// @param tolerance Maximum difference between the timestamp and the current time; `std::nullopt` for no limit. If it is
    ///        negative, verify() throws MisuseError.
    /// @param any_id Whether to accept ids of any form; see ccm_webhook_verify().
    explicit WebhookVerifier(std::vector<std::string> keys,
                             std::optional<std::chrono::seconds> tolerance = std::chrono::minutes(5), bool any_id = false)
        : keys_(std::move(keys)), tolerance_(tolerance), any_id_(any_id) {}

    /// Returns whether a request is authentic. `id`, `timestamp` and `signatures` are the values of X-ConfigCat-Webhook-ID,
    /// X-ConfigCat-Webhook-Timestamp and X-ConfigCat-Webhook-Signature-V1; `body` is the raw body.
    [[nodiscard]] bool verify(const std::string &id, const std::string &timestamp, const std::string &signatures,
                              std::string_view body) const {
        // -1 means no limit in C, so that a negative tolerance must not be passed on.
        if (tolerance_ && tolerance_->count() < 0) {
            Error::of(ErrorKind::misuse, "tolerance must not be negative, not " + std::to_string(tolerance_->count()) + " s").raise();
        }
        // Without a key, no request would be authentic, and the cause would remain unknown.
        if (std::all_of(keys_.begin(), keys_.end(), [](const std::string &key) { return key.empty(); })) {
            Error::of(ErrorKind::misuse, "keys: there is no signing key, or it is empty").raise();
        }
        std::vector<const char *> keys;
        for (const auto &key : keys_) {
            keys.push_back(key.c_str());
        }
        ccm_error *error = nullptr;
        ccm_status status = ccm_webhook_verify(keys.data(), keys.size(), id.c_str(), timestamp.c_str(), signatures.c_str(),
                                               body.data(), body.size(), tolerance_ ? std::int64_t{tolerance_->count()} : -1, any_id_,
                                               &error);
        if (status == CCM_AUTHENTICATION) {
            detail::ErrorHandle owned(error);
            return false;
        }
        detail::check(status, error);
        return true;
    }

  private:
    std::vector<std::string> keys_;
    std::optional<std::chrono::seconds> tolerance_;
    bool any_id_;
};

/// Returns the headers of a signed webhook request, ready to send, for tests of webhook receivers: names and values.
///
/// @param keys Signing keys: one, or two for a request as it is sent during a key rotation.
/// @param body The raw body.
/// @param id Id of the request. Default: a random one.
/// @param timestamp Timestamp of the request, in whole seconds. Default: now.
/// @throws Error if there is no key, or the timestamp is before 1970.
inline std::vector<std::pair<std::string, std::string>>
webhook_signed_headers(const std::vector<std::string> &keys, std::string_view body, const std::optional<std::string> &id = {},
                       std::optional<std::chrono::system_clock::time_point> timestamp = {}) {
    std::vector<const char *> pointers;
    pointers.reserve(keys.size());
    for (const auto &key : keys) {
        pointers.push_back(key.c_str());
    }
    std::int64_t seconds = -1;
    if (timestamp) {
        seconds = std::chrono::floor<std::chrono::seconds>(timestamp->time_since_epoch()).count();
        // -1 means now in C.
        seconds = seconds < 0 ? std::numeric_limits<std::int64_t>::min() : seconds;
    }
    ccm_document *document = nullptr;
    detail::check([&](ccm_error **error) {
        return ccm_webhook_signed_headers(pointers.data(), pointers.size(), id ? id->c_str() : nullptr, seconds, body.data(),
                                          body.size(), &document, error);
    });
    Document headers(document);
    std::vector<std::pair<std::string, std::string>> pairs;
    for (Value header : headers.value()) {
        pairs.emplace_back(header.name(), header.text());
    }
    return pairs;
}

/// Converts a model to JSON text, with names in snake_case.
template <class T>
std::string to_json(const T &model) {
    return detail::json(model);
}

/// Converts a timestamp to text, such as "2026-11-23T09:24:55.1234567Z".
inline std::string to_string(Timestamp time) {
    const std::string quoted = detail::json(time);
    return quoted.substr(1, quoted.size() - 2);
}

} // namespace configcat::management

#endif
