// Conversion between values, JSON and C++ types; the generated models use it.

#ifndef CONFIGCAT_MANAGEMENT_JSON_HPP
#define CONFIGCAT_MANAGEMENT_JSON_HPP

#include "value.hpp"

namespace configcat::management::detail {

/// Name of the edit whose draft a model is; the models that a JSON Patch applies to have one.
template <class Model>
struct EditName;

/// Finds the members of an object; fastest if they are requested in the order of the JSON. It is a template so that the
/// functions that use it are templates too, which the compiler instantiates only if a program uses them.
template <class From>
class Members {
  public:
    explicit Members(From object) noexcept : object_(object.get()), next_(ccm_value_first(object.get())) {}

    From operator()(const char *name) noexcept {
        const char *expected = ccm_value_name(next_);
        const ccm_value *found = expected != nullptr && std::strcmp(expected, name) == 0 ? next_ : ccm_value_get(object_, name);
        if (found != nullptr) {
            next_ = ccm_value_next(found);
        }
        return From(found);
    }

  private:
    const ccm_value *object_;
    const ccm_value *next_;
};

inline void read(Value value, bool &out) { out = value.boolean(); }
inline void read(Value value, std::int32_t &out) { out = static_cast<std::int32_t>(value.integer()); }
inline void read(Value value, std::int64_t &out) { out = value.integer(); }
inline void read(Value value, double &out) { out = value.number(); }
inline void read(Value value, std::string &out) { out = value.text(); }
inline void read(Value value, Json &out) { out = Json::raw(std::string(value.json())); }
inline void read(Value value, Timestamp &out) { out = value.timestamp().value_or(Timestamp{}); }
inline void read(Value value, SettingValue &out) {
    const ccm_kind kind = value.kind();
    if (kind == CCM_BOOLEAN) {
        out = value.boolean();
    } else if (kind == CCM_INTEGER) {
        out = static_cast<std::int32_t>(value.integer());
    } else if (kind == CCM_NUMBER) {
        out = value.number();
    } else {
        out = value.text();
    }
}
template <class E>
void read(Value value, Enum<E> &out) {
    out = Enum<E>(value.text());
}
template <class T>
void read(Value value, std::optional<T> &out);
template <class T>
void read(Value value, Field<T> &out);
template <class T>
void read(Value value, std::vector<T> &out);
template <class T>
void read(Value value, std::map<std::string, T> &out);

inline void read(Value value, FlagValue &out) {
    Members<Value> member(value);
    read(member("value"), out.value);
    read(member("predefined_variation_id"), out.predefined_variation_id);
}
inline void read(Value value, UpdateFlagValue &out) {
    if (value.kind() != CCM_OBJECT) {
        read(value, out.value);
        return;
    }
    Members<Value> member(value);
    read(member("value"), out.value);
    read(member("predefined_variation_id"), out.predefined_variation_id);
}

/// Writes JSON for a request, or of a model.
class Writer {
  public:
    explicit Writer(bool list = false) : builder_(list ? ccm_builder_new_list() : ccm_builder_new()) {}
    [[nodiscard]] ccm_builder *get() const noexcept { return builder_.get(); }
    /// Returns the JSON. Throws MisuseError if a string is not UTF-8.
    [[nodiscard]] std::string finish() const { return try_finish().value(); }
    /// Like finish(), but returns errors instead of throwing them.
    [[nodiscard]] Result<std::string> try_finish() const {
        const char *json = nullptr;
        std::size_t length = 0;
        ccm_error *error = nullptr;
        if (ccm_status status = ccm_builder_finish(builder_.get(), &json, &length, &error); status != CCM_OK) {
            return Error::from(status, error);
        }
        return std::string(json, length);
    }

  private:
    BuilderHandle builder_;
};

inline void write(ccm_builder *out, const char *name, bool value) { ccm_builder_boolean(out, name, value); }
inline void write(ccm_builder *out, const char *name, std::int32_t value) { ccm_builder_integer(out, name, value); }
inline void write(ccm_builder *out, const char *name, std::int64_t value) { ccm_builder_integer(out, name, value); }
inline void write(ccm_builder *out, const char *name, double value) { ccm_builder_number(out, name, value); }
inline void write(ccm_builder *out, const char *name, std::string_view value) {
    ccm_builder_string_n(out, name, value.data(), value.size());
}
inline void write(ccm_builder *out, const char *name, const char *value) { ccm_builder_string(out, name, value); }
/// Deleted, because a pointer would otherwise be a Boolean.
template <class P>
void write(ccm_builder *out, const char *name, const P *value) = delete;
inline void write(ccm_builder *out, const char *name, std::nullptr_t) { ccm_builder_null(out, name); }
inline void write(ccm_builder *out, const char *name, float value) { ccm_builder_number(out, name, static_cast<double>(value)); }
/// An integer of any other type.
template <class I, std::enable_if_t<is_integer<I> && !is_any_of<I, std::int32_t, std::int64_t>, int> = 0>
void write(ccm_builder *out, const char *name, I value) {
    if (fits<std::int64_t>(value)) {
        ccm_builder_integer(out, name, static_cast<std::int64_t>(value));
    } else {
        const std::string digits = std::to_string(value);
        ccm_builder_json(out, name, digits.data(), digits.size());
    }
}
inline void write(ccm_builder *out, const char *name, const std::string &value) {
    ccm_builder_string_n(out, name, value.data(), value.size());
}
inline void write(ccm_builder *out, const char *name, const Json &value) {
    ccm_builder_json(out, name, value.text().data(), value.text().size());
}
inline void write(ccm_builder *out, const char *name, Timestamp value) {
    constexpr std::int64_t second = 10'000'000;
    auto ticks = value.time_since_epoch().count();
    auto rest = (ticks % second + second) % second;
    ccm_builder_timestamp(out, name, {(ticks - rest) / second, static_cast<std::uint32_t>(rest * 100)});
}
inline void write(ccm_builder *out, const char *name, const SettingValue &value) {
    std::visit([&](const auto &plain) { write(out, name, plain); }, value.variant());
}
template <class E>
void write(ccm_builder *out, const char *name, const Enum<E> &value) {
    write(out, name, value.text());
}
template <class T>
void write(ccm_builder *out, const char *name, const std::optional<T> &value);
template <class T>
void write(ccm_builder *out, const char *name, const std::vector<T> &values);
template <class T>
void write(ccm_builder *out, const char *name, const std::map<std::string, T> &values);

inline void write(ccm_builder *out, const char *name, const FlagValue &value) {
    ccm_builder_begin_object(out, name);
    write(out, "value", value.value);
    write(out, "predefined_variation_id", value.predefined_variation_id);
    ccm_builder_end(out);
}
inline void write(ccm_builder *out, const char *name, const UpdateFlagValue &value) {
    ccm_builder_begin_object(out, name);
    if (value.value) {
        write(out, "value", *value.value);
    }
    if (value.predefined_variation_id) {
        write(out, "predefined_variation_id", *value.predefined_variation_id);
    }
    ccm_builder_end(out);
}

template <class T>
void read(Value value, std::optional<T> &out) {
    if (value.is_null()) {
        out.reset();
    } else {
        read(value, out.emplace());
    }
}

template <class T>
void read(Value value, Field<T> &out) {
    if (!value) {
        out = Field<T>();
    } else if (value.is_null()) {
        out = nullptr;
    } else {
        T inner{};
        read(value, inner);
        out = Field<T>(std::move(inner));
    }
}

template <class T>
void read(Value value, std::vector<T> &out) {
    out.clear();
    out.reserve(value.size());
    for (Value item : value) {
        if constexpr (std::is_same_v<T, bool>) {
            out.push_back(item.boolean());
        } else {
            read(item, out.emplace_back());
        }
    }
}

template <class T>
void read(Value value, std::map<std::string, T> &out) {
    out.clear();
    for (Value member : value) {
        read(member, out[std::string(member.name())]);
    }
}

template <class T>
void write(ccm_builder *out, const char *name, const std::optional<T> &value) {
    if (value) {
        write(out, name, *value);
    } else {
        ccm_builder_null(out, name);
    }
}

template <class T>
void write(ccm_builder *out, const char *name, const std::vector<T> &values) {
    ccm_builder_begin_list(out, name);
    for (const auto &value : values) {
        write(out, nullptr, value);
    }
    ccm_builder_end(out);
}

template <class T>
void write(ccm_builder *out, const char *name, const std::map<std::string, T> &values) {
    ccm_builder_begin_object(out, name);
    for (const auto &[key, value] : values) {
        write(out, key.c_str(), value);
    }
    ccm_builder_end(out);
}

/// Writes a field, unless it has no value.
template <class T>
void write_field(ccm_builder *out, const char *name, const std::optional<T> &value) {
    if (value) {
        write(out, name, *value);
    }
}
template <class T>
void write_field(ccm_builder *out, const char *name, const Field<T> &value) {
    if (value.has_value()) {
        write(out, name, *value);
    } else if (value.is_null()) {
        ccm_builder_null(out, name);
    }
}

/// Converts a model to JSON, or returns the error if a string is not UTF-8.
template <class T>
Result<std::string> try_json(const T &value) {
    Writer list(true);
    write(list.get(), nullptr, value);
    Result<std::string> text = list.try_finish();
    return text ? Result<std::string>(text->substr(1, text->size() - 2)) : text;
}

/// Converts a model to JSON. Throws MisuseError if a string is not UTF-8.
template <class T>
std::string json(const T &value) {
    return try_json(value).value();
}

} // namespace configcat::management::detail

#endif
