// Values: JSON, timestamps, fields that may be absent, and extensible enums.

#ifndef CONFIGCAT_MANAGEMENT_VALUE_HPP
#define CONFIGCAT_MANAGEMENT_VALUE_HPP

#include "error.hpp"
#include "generated/ids.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <ostream>
#include <ratio>
#include <string_view>
#include <type_traits>

namespace configcat::management {

/// A UTC timestamp with the resolution of the service, 100 ns.
using Timestamp =
    std::chrono::time_point<std::chrono::system_clock, std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

/// A value in a response or a document: a view, which is valid as long as the response or document.
class Value {
  public:
    /// Iterator over the items of a list or the members of an object.
    class Iterator {
      public:
        using value_type = Value;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Value;
        using iterator_category = std::input_iterator_tag;
        /// For C++20: values are passed by value, and an iterator can be copied and used again.
        using iterator_concept = std::forward_iterator_tag;

        Iterator() noexcept = default;
        explicit Iterator(const ccm_value *at) noexcept : at_(at) {}
        Value operator*() const noexcept { return Value(at_); }
        Iterator &operator++() noexcept {
            at_ = ccm_value_next(at_);
            return *this;
        }
        Iterator operator++(int) noexcept {
            Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator &other) const noexcept { return at_ == other.at_; }
        bool operator!=(const Iterator &other) const noexcept { return at_ != other.at_; }

      private:
        const ccm_value *at_ = nullptr;
    };

    Value() noexcept = default;
    explicit Value(const ccm_value *value) noexcept : value_(value) {}

    [[nodiscard]] ccm_kind kind() const noexcept { return ccm_value_kind(value_); }
    /// Whether the value is present; null counts as present.
    explicit operator bool() const noexcept { return value_ != nullptr; }
    /// Whether the value is absent or null.
    [[nodiscard]] bool is_null() const noexcept { return ccm_value_is_null(value_); }
    [[nodiscard]] bool boolean(bool fallback = false) const noexcept { return ccm_value_boolean(value_, fallback); }
    [[nodiscard]] std::int64_t integer(std::int64_t fallback = 0) const noexcept { return ccm_value_integer(value_, fallback); }
    [[nodiscard]] double number(double fallback = 0) const noexcept { return ccm_value_number(value_, fallback); }
    /// The value of a string; empty for other types. Valid as long as the value.
    [[nodiscard]] std::string_view text() const noexcept {
        std::size_t length = 0;
        const char *text = ccm_value_string(value_, &length);
        return {text != nullptr ? text : "", length};
    }
    [[nodiscard]] std::optional<Timestamp> timestamp() const noexcept {
        ccm_timestamp parsed{};
        if (!ccm_value_timestamp(value_, &parsed)) {
            return std::nullopt;
        }
        return Timestamp(std::chrono::seconds(parsed.seconds) + Timestamp::duration(parsed.nanoseconds / 100));
    }
    /// Name of a member of an object; empty for items of lists.
    [[nodiscard]] std::string_view name() const noexcept {
        const char *name = ccm_value_name(value_);
        return name != nullptr ? name : "";
    }
    /// Returns a member by name (snake_case).
    [[nodiscard]] Value operator[](const char *name) const noexcept { return Value(ccm_value_get(value_, name)); }
    /// Returns a member by name (snake_case).
    [[nodiscard]] Value operator[](const std::string &name) const noexcept { return (*this)[name.c_str()]; }
    /// Returns an item by index.
    template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
    [[nodiscard]] Value operator[](I index) const noexcept {
        return Value(ccm_value_item(value_, static_cast<std::size_t>(index)));
    }
    /// Returns the value at a path, such as "settings[3].key".
    [[nodiscard]] Value at(const char *path) const noexcept { return Value(ccm_value_at(value_, path)); }
    [[nodiscard]] std::size_t size() const noexcept { return ccm_value_length(value_); }
    /// JSON text of the value as the service sent it. Valid as long as the value.
    [[nodiscard]] std::string_view json() const noexcept {
        std::size_t length = 0;
        const char *json = ccm_value_json(value_, &length);
        return {json != nullptr ? json : "", length};
    }
    [[nodiscard]] Iterator begin() const noexcept { return Iterator(ccm_value_first(value_)); }
    [[nodiscard]] Iterator end() const noexcept { return Iterator(nullptr); }
    [[nodiscard]] const ccm_value *get() const noexcept { return value_; }

  private:
    const ccm_value *value_ = nullptr;
};

/// A JSON document, such as the body of a webhook.
class Document {
  public:
    /// Parses JSON. Throws DecodeError if the text is not JSON.
    static Document parse(std::string_view json) { return try_parse(json).value(); }
    /// Like parse(), but returns errors instead of throwing them.
    static Result<Document> try_parse(std::string_view json) {
        ccm_document *document = nullptr;
        ccm_error *error = nullptr;
        if (ccm_status status = ccm_document_parse(json.data(), json.size(), &document, &error); status != CCM_OK) {
            return Error::from(status, error);
        }
        return Document(document);
    }
    explicit Document(ccm_document *document) noexcept : handle_(document) {}
    [[nodiscard]] Value value() const & noexcept { return Value(ccm_document_value(handle_.get())); }
    /// Deleted for temporary documents, because their values would dangle.
    Value value() const && = delete;

  private:
    detail::DocumentHandle handle_;
};

/// Any JSON value, stored as text.
class Json {
  public:
    /// null
    Json() : text_("null") {}
    Json(std::nullptr_t) : Json() {}
    Json(bool value) : text_(value ? "true" : "false") {}
    Json(int value) : text_(std::to_string(value)) {}
    /// An integer of any other type.
    template <class I, std::enable_if_t<detail::is_integer<I> && !std::is_same_v<I, int>, int> = 0>
    Json(I value) : text_(std::to_string(value)) {}
    Json(double value) {
        write([&](ccm_builder *b) { ccm_builder_number(b, nullptr, value); });
    }
    Json(float value) : Json(static_cast<double>(value)) {}
    /// An id of an entity.
    template <class Entity, class Integer>
    Json(NumberId<Entity, Integer> id) : Json(id.value()) {}
    Json(std::string_view value) {
        write([&](ccm_builder *b) { ccm_builder_string_n(b, nullptr, value.data(), value.size()); });
    }
    Json(const std::string &value) : Json(std::string_view(value)) {}
    Json(const char *value) : Json(std::string_view(value)) {}
    /// Deleted, because a pointer would otherwise be a Boolean.
    template <class P>
    Json(const P *) = delete;
    /// Creates a value from JSON text, which is validated when it is sent.
    static Json raw(std::string text) {
        Json json;
        json.text_ = std::move(text);
        return json;
    }
    [[nodiscard]] const std::string &text() const noexcept { return text_; }
    bool operator==(const Json &other) const noexcept { return text_ == other.text_; }
    bool operator!=(const Json &other) const noexcept { return text_ != other.text_; }

  private:
    template <class F>
    void write(F fill) {
        detail::BuilderHandle builder(ccm_builder_new_list());
        fill(builder.get());
        const char *json = nullptr;
        std::size_t length = 0;
        detail::check([&](ccm_error **error) { return ccm_builder_finish(builder.get(), &json, &length, error); });
        text_.assign(json + 1, length - 2);
    }

    std::string text_;
};

namespace detail {

/// Whether a field of type T can be set to a U.
template <class T, class U>
inline constexpr bool sets_field = std::is_constructible_v<T, U>;
/// A number is no list, although std::vector has a constructor that takes its size.
template <class Item, class U>
inline constexpr bool sets_field<std::vector<Item>, U> = std::is_convertible_v<U, std::vector<Item>>;

} // namespace detail

/// A field of a request that may be absent, null, or a value. Absent by default.
template <class T>
class Field {
    /// Whether operator= assigns a U. A Boolean or number is converted to a Field instead, so that `field = {}` makes it absent.
    template <class U>
    static constexpr bool assigns = detail::sets_field<T, U &&> && !std::is_same_v<std::decay_t<U>, Field> &&
                                    !std::is_same_v<std::decay_t<U>, std::nullptr_t> &&
                                    !(std::is_scalar_v<T> && std::is_same_v<T, std::decay_t<U>>);

  public:
    Field() = default;
    Field(std::nullptr_t) : null_(true) {}
    template <class U, class = std::enable_if_t<detail::sets_field<T, U &&> && !std::is_same_v<std::decay_t<U>, Field>>>
    Field(U &&value) : value_(std::forward<U>(value)) {}
    /// Sets the value. A list can be in braces: `body.tags = {checkout, operations}`.
    template <class U = T, class = std::enable_if_t<assigns<U>>>
    Field &operator=(U &&value) {
        value_.emplace(std::forward<U>(value));
        null_ = false;
        return *this;
    }

    [[nodiscard]] bool is_absent() const noexcept { return !null_ && !value_; }
    [[nodiscard]] bool is_null() const noexcept { return null_; }
    [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
    /// The value, which must be present.
    [[nodiscard]] const T &operator*() const noexcept { return *value_; }
    [[nodiscard]] const T *operator->() const noexcept { return &*value_; }
    /// The value, which must be present, for changes.
    [[nodiscard]] T &operator*() noexcept { return *value_; }
    [[nodiscard]] T *operator->() noexcept { return &*value_; }
    /// Returns the value, or `fallback` if the field is absent or null.
    template <class U>
    [[nodiscard]] T value_or(U &&fallback) const & {
        return value_.value_or(std::forward<U>(fallback));
    }
    /// Returns the value, or `fallback` if the field is absent or null.
    template <class U>
    [[nodiscard]] T value_or(U &&fallback) && {
        return std::move(value_).value_or(std::forward<U>(fallback));
    }
    /// Makes the field absent.
    void reset() noexcept {
        value_.reset();
        null_ = false;
    }
    friend bool operator==(const Field &a, const Field &b) { return a.null_ == b.null_ && a.value_ == b.value_; }
    friend bool operator!=(const Field &a, const Field &b) { return !(a == b); }

  private:
    std::optional<T> value_;
    bool null_ = false;
};

/// Wire names of the values of an enum; specialized for each enum.
template <class E>
struct EnumNames;

/// A value of an enum, or a string that this version of the library does not know.
template <class E>
class Enum {
  public:
    Enum() : known_(E::unknown) {}
    Enum(E value) : known_(value) {}
    /// Creates a value from its wire name.
    explicit Enum(std::string_view text) {
        for (std::size_t i = 0; i < EnumNames<E>::names.size(); i++) {
            if (EnumNames<E>::names[i] == text) {
                known_ = static_cast<E>(i);
                return;
            }
        }
        known_ = E::unknown;
        text_ = text;
    }
    /// The value, for `switch`; `unknown` for a string that this version of the library does not know.
    [[nodiscard]] E value() const noexcept { return known_; }
    operator E() const noexcept { return known_; }
    [[nodiscard]] bool is_known() const noexcept { return known_ != E::unknown; }
    /// Wire name of the value.
    [[nodiscard]] std::string_view text() const noexcept {
        auto index = static_cast<std::size_t>(known_);
        return index < EnumNames<E>::names.size() ? EnumNames<E>::names[index] : std::string_view(text_);
    }
    friend bool operator==(const Enum &a, const Enum &b) noexcept { return a.text() == b.text(); }
    friend bool operator!=(const Enum &a, const Enum &b) noexcept { return !(a == b); }
    friend bool operator==(const Enum &a, E b) noexcept { return a.known_ == b; }
    friend bool operator!=(const Enum &a, E b) noexcept { return a.known_ != b; }
    friend bool operator==(E a, const Enum &b) noexcept { return b == a; }
    friend bool operator!=(E a, const Enum &b) noexcept { return b != a; }
    /// An order for sorted containers: by wire name.
    friend bool operator<(const Enum &a, const Enum &b) noexcept { return a.text() < b.text(); }
    friend std::ostream &operator<<(std::ostream &out, const Enum &value) { return out << value.text(); }

  private:
    E known_;
    std::string text_;
};

/// A flag value: boolean, string, integer or decimal number.
class SettingValue : public std::variant<bool, std::string, std::int32_t, double> {
  public:
    using Base = std::variant<bool, std::string, std::int32_t, double>;
    SettingValue() = default;
    SettingValue(bool value) : Base(value) {}
    SettingValue(std::int32_t value) : Base(value) {}
    /// An integer of any other type. Throws BadRequestError if it does not have 32 bits.
    template <class I, std::enable_if_t<detail::is_integer<I> && !std::is_same_v<I, std::int32_t>, int> = 0>
    SettingValue(I value) : Base(detail::narrow<std::int32_t>(value, "value of a flag")) {}
    SettingValue(double value) : Base(value) {}
    SettingValue(float value) : Base(static_cast<double>(value)) {}
    SettingValue(std::string value) : Base(std::move(value)) {}
    SettingValue(std::string_view value) : Base(std::string(value)) {}
    SettingValue(const char *value) : Base(std::string(value)) {}
    /// Deleted, because a pointer would otherwise be a Boolean.
    template <class P>
    SettingValue(const P *) = delete;
    SettingValue(std::nullptr_t) = delete;
    /// The variant, for std::visit.
    [[nodiscard]] const Base &variant() const noexcept { return *this; }
    /// Compares two values. Values of different types are never equal.
    friend bool operator==(const SettingValue &a, const SettingValue &b) noexcept { return a.variant() == b.variant(); }
    friend bool operator!=(const SettingValue &a, const SettingValue &b) noexcept { return !(a == b); }
    /// Writes the value: "true" or "false", a string without quotes, or a number.
    friend std::ostream &operator<<(std::ostream &out, const SettingValue &value) {
        if (const bool *boolean = std::get_if<bool>(&value.variant())) {
            return out << (*boolean ? "true" : "false");
        }
        std::visit([&](const auto &plain) { out << plain; }, value.variant());
        return out;
    }
};

/// A flag value from a response, with its predefined variation if it has one.
struct FlagValue {
    std::optional<SettingValue> value;
    /// Id of the predefined variation.
    std::optional<PredefinedVariationId> predefined_variation_id;
};

/// A flag value for a request: a value or a predefined variation.
struct UpdateFlagValue {
    std::optional<SettingValue> value;
    /// Id of the predefined variation.
    std::optional<PredefinedVariationId> predefined_variation_id;

    UpdateFlagValue() = default;
    template <class T, class = std::enable_if_t<std::is_constructible_v<SettingValue, T &&>>>
    UpdateFlagValue(T &&plain) : value(SettingValue(std::forward<T>(plain))) {}
    /// Converts a flag value from a response. Only the variation is used if there is one, because it determines the value.
    UpdateFlagValue(const FlagValue &read) {
        if (read.predefined_variation_id) {
            predefined_variation_id = read.predefined_variation_id;
        } else {
            value = read.value;
        }
    }
    /// Serves a predefined variation.
    static UpdateFlagValue variation(PredefinedVariationId id) {
        UpdateFlagValue value;
        value.predefined_variation_id = std::move(id);
        return value;
    }
};

} // namespace configcat::management

#endif
