// Types of ids: an id of one kind of entity cannot be passed where that of another kind is expected.

#ifndef CONFIGCAT_MANAGEMENT_ID_HPP
#define CONFIGCAT_MANAGEMENT_ID_HPP

#include "numbers.hpp"

#include <functional>
#include <string_view>

namespace configcat::management {

/// An id that is a string. It is a std::string with a type of its own: strings convert to it and it is usable as a string, but the id
/// of another kind of entity does not convert to it.
template <class Entity>
class StringId : public std::string {
  public:
    StringId() = default;
    StringId(std::string id) : std::string(std::move(id)) {}
    StringId(std::string_view id) : std::string(id) {}
    StringId(const char *id) : std::string(id) {}
    /// Deleted, because it is the id of another kind of entity.
    template <class Other, class = std::enable_if_t<!std::is_same_v<Entity, Other>>>
    StringId(const StringId<Other> &) = delete;

    template <class From>
    friend void read(From value, StringId &out) {
        out = StringId(value.text());
    }
    template <class To>
    friend void write(To *out, const char *name, const StringId &id) {
        ccm_builder_string_n(out, name, id.data(), id.size());
    }
};

/// Deleted, because ids of different kinds of entities are never equal.
template <class A, class B, class = std::enable_if_t<!std::is_same_v<A, B>>>
bool operator==(const StringId<A> &, const StringId<B> &) = delete;
/// Deleted, because ids of different kinds of entities are never equal.
template <class A, class B, class = std::enable_if_t<!std::is_same_v<A, B>>>
bool operator!=(const StringId<A> &, const StringId<B> &) = delete;

/// An id that is an integer. Integers convert to it and it converts to an integer, but not to the id of another kind of entity.
template <class Entity, class Integer>
class NumberId {
  public:
    /// 0, which no entity has.
    constexpr NumberId() noexcept = default;
    /// Throws BadRequestError if an id cannot have this value.
    template <class I, class = std::enable_if_t<detail::is_integer<I>>>
    NumberId(I id) : id_(detail::narrow<Integer>(id, Entity::name)) {}
    constexpr operator Integer() const noexcept { return id_; }
    /// The id as an integer.
    [[nodiscard]] constexpr Integer value() const noexcept { return id_; }

    template <class From>
    friend void read(From value, NumberId &out) {
        out.id_ = static_cast<Integer>(value.integer());
    }
    template <class To>
    friend void write(To *out, const char *name, const NumberId &id) {
        ccm_builder_integer(out, name, id.id_);
    }

  private:
    Integer id_ = 0;
};

/// Deleted, because ids of different kinds of entities are never equal.
template <class A, class I, class B, class J, class = std::enable_if_t<!std::is_same_v<A, B>>>
bool operator==(NumberId<A, I>, NumberId<B, J>) = delete;
/// Deleted, because ids of different kinds of entities are never equal.
template <class A, class I, class B, class J, class = std::enable_if_t<!std::is_same_v<A, B>>>
bool operator!=(NumberId<A, I>, NumberId<B, J>) = delete;

} // namespace configcat::management

template <class Entity>
struct std::hash<configcat::management::StringId<Entity>> : std::hash<std::string> {};

template <class Entity, class Integer>
struct std::hash<configcat::management::NumberId<Entity, Integer>> {
    std::size_t operator()(configcat::management::NumberId<Entity, Integer> id) const noexcept {
        return std::hash<Integer>()(id.value());
    }
};

#endif
