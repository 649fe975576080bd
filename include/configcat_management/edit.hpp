// Edits: read a state, change a draft of it, and send the changes.

#ifndef CONFIGCAT_MANAGEMENT_EDIT_HPP
#define CONFIGCAT_MANAGEMENT_EDIT_HPP

#include "request.hpp"
#include "tools.hpp"

namespace configcat::management {

/// Others have changed the state since it was read, and the changes could not be combined.
template <class State, class Draft>
class EditConflictError : public ConflictError {
  public:
    EditConflictError(const Error &error, State base, State theirs, Draft mine, JsonPatch patch)
        : ConflictError(error), states_(std::make_shared<const States>(States{std::move(base), std::move(theirs), std::move(mine),
                                                                              std::move(patch)})) {}
    /// The state that was read.
    [[nodiscard]] const State &base() const noexcept { return states_->base; }
    /// The state as others have changed it.
    [[nodiscard]] const State &theirs() const noexcept { return states_->theirs; }
    /// The draft with the changes of this edit.
    [[nodiscard]] const Draft &mine() const noexcept { return states_->mine; }
    /// The changes of this edit, as a patch of `base()`.
    [[nodiscard]] const JsonPatch &patch() const noexcept { return states_->patch; }

  private:
    struct States {
        State base;
        State theirs;
        Draft mine;
        JsonPatch patch;
    };

    // Shared, so that copying an exception cannot fail.
    std::shared_ptr<const States> states_;
};

/// A state that was read, and a draft of it. Change `draft`, then call commit(). Nothing is sent if it is destroyed before.
template <class State, class Draft>
class Edit {
  public:
    Edit(std::shared_ptr<const detail::Core> core, detail::EditHandle edit) : core_(std::move(core)), edit_(std::move(edit)) {
        using detail::read;
        load();
        read(Value(ccm_edit_base(edit_.get())), base_);
    }

    /// The draft.
    Draft draft{};
    /// The state that was read.
    [[nodiscard]] const State &base() const noexcept { return base_; }

    /// Turns a boolean flag on: every user whom no rule with a condition matches gets true. Rules with conditions stay; percentage
    /// options without a condition are removed. Throws BadRequestError if the flag is not boolean, with its key and type.
    void turn_on() {
        change([&](ccm_error **error) { return ccm_edit_turn_on(edit_.get(), error); });
    }
    /// Turns a boolean flag off: every user whom no rule with a condition matches gets false. As turn_on() otherwise.
    void turn_off() {
        change([&](ccm_error **error) { return ccm_edit_turn_off(edit_.get(), error); });
    }
    /// Serves true to a percentage (0 to 100) of the users whom no rule with a condition matches, and false to the others of them.
    /// Rules with conditions and the default value stay. Throws BadRequestError for another percentage, or if the flag is not
    /// boolean.
    void set_percentage(std::int32_t percentage) {
        change([&](ccm_error **error) { return ccm_edit_set_percentage(edit_.get(), percentage, error); });
    }

    /// Returns the changes so far.
    [[nodiscard]] JsonPatch changes() {
        store();
        ccm_document *document = nullptr;
        detail::check([&](ccm_error **error) { return ccm_edit_changes(edit_.get(), &document, error); });
        Document owned(document);
        JsonPatch patch;
        read(owned.value(), patch);
        return patch;
    }

    /// Sends the changes. Returns the state after the change, or nothing if nothing changed. Throws EditConflictError<State, Draft>
    /// if others have changed the state in the meantime, and the Error subclass of any other failure.
    std::optional<State> commit() {
        Result<std::optional<State>> after = try_commit();
        if (!after && after.error().kind() == ErrorKind::conflict && ccm_edit_theirs(edit_.get()) != nullptr) {
            using detail::read;
            State theirs{};
            read(Value(ccm_edit_theirs(edit_.get())), theirs);
            detail::fail(EditConflictError<State, Draft>(after.error(), base_, std::move(theirs), draft, changes()));
        }
        return std::move(after).value();
    }

    /// Like commit(), but returns errors instead of throwing them; a conflict has the kind `conflict`.
    Result<std::optional<State>> try_commit() {
        using After = std::optional<State>;
        if (std::optional<Error> problem = try_store()) {
            return *std::move(problem);
        }
        ccm_response *response = nullptr;
        ccm_error *error = nullptr;
        ccm_status status = ccm_edit_commit(edit_.get(), &response, &error);
        if (status != CCM_OK) {
            return Error::from(status, error);
        }
        detail::ResponseHandle owned(response);
        return owned == nullptr ? After() : After(detail::decode<State>(owned.get()));
    }

  private:
    template <class Change>
    void change(Change change) {
        store();
        detail::check(change);
        load();
    }

    void load() {
        using detail::read;
        ccm_document *document = nullptr;
        detail::check([&](ccm_error **error) { return ccm_edit_draft(edit_.get(), &document, error); });
        Document owned(document);
        Draft changed{};
        read(owned.value(), changed);
        draft = std::move(changed);
    }

    void store() {
        if (std::optional<Error> problem = try_store()) {
            problem->raise();
        }
    }

    std::optional<Error> try_store() {
        Result<std::string> json = detail::try_json(draft);
        if (!json) {
            return json.error();
        }
        ccm_error *error = nullptr;
        ccm_status status = ccm_edit_replace(edit_.get(), json->data(), json->size(), &error);
        return status == CCM_OK ? std::nullopt : std::optional<Error>(Error::from(status, error));
    }

    // Keeps the client alive until the edit has been made.
    std::shared_ptr<const detail::Core> core_;
    detail::EditHandle edit_;
    State base_{};
};

namespace detail {

/// Whether a function takes a reference to the draft. A copy, which it would change in vain, could also be made of a temporary draft.
template <class Change, class Draft>
inline constexpr bool takes_reference = std::is_invocable_v<Change &, Draft &> && !std::is_invocable_v<Change &, Draft>;

} // namespace detail

/// An edit that has not begun. Set its options, then call send() with a function that changes the draft, or begin().
template <class State, class Draft, class Self>
class [[nodiscard]] EditRequest {
  public:
    EditRequest(std::shared_ptr<const detail::Core> core, const char *edit)
        : core_(std::move(core)), name_(edit), params_(ccm_params_new()) {}

    /// Sets the timeout of each call, including waits and retries. Default: the timeout of the client.
    Self &timeout(std::chrono::milliseconds time) & {
        ccm_params_set_timeout_ms(params_.get(), static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count()));
        return self();
    }
    Self timeout(std::chrono::milliseconds time) && { return std::move(timeout(time)); }
    /// Sets the maximum number of attempts of each call, at least 1. Default: the value of the client.
    Self &max_attempts(unsigned attempts) & {
        ccm_params_set_max_attempts(params_.get(), attempts);
        return self();
    }
    Self max_attempts(unsigned attempts) && { return std::move(max_attempts(attempts)); }
    /// Sets how often the changes are sent again for a newer version, if others have changed only other members of the state in
    /// the meantime. Default: 0.
    Self &rebase(unsigned times) & {
        rebase_ = times;
        return self();
    }
    Self rebase(unsigned times) && { return std::move(rebase(times)); }

    /// Reads the state. Throws the Error subclass of a failure.
    Edit<State, Draft> begin() const { return try_begin().value(); }

    /// Like begin(), but returns errors instead of throwing them.
    Result<Edit<State, Draft>> try_begin() const {
        if (const Error *problem = arguments_.problem()) {
            return *problem;
        }
        const std::string arguments = arguments_.json();
        ccm_edit *edit = nullptr;
        ccm_error *error = nullptr;
        ccm_status status = ccm_edit_begin(core_->client.get(), name_, arguments.data(), arguments.size(), params_.get(), &edit, &error);
        if (status != CCM_OK) {
            return Error::from(status, error);
        }
        detail::EditHandle owned(edit);
        ccm_edit_set_rebase(owned.get(), rebase_);
        return Edit<State, Draft>(core_, std::move(owned));
    }

    /// Reads the state, calls `change(draft)` with a reference to the draft, and sends the changes. Returns the state after the change, or nothing if nothing
    /// changed. Throws what Edit::commit() and the function throw; nothing is sent if the function throws.
    template <class Change>
    std::optional<State> send(Change change) const {
        static_assert(detail::takes_reference<Change, Draft>, "the function must take a reference to the draft, such as Draft &");
        Edit<State, Draft> edit = begin();
        change(edit.draft);
        return edit.commit();
    }

    /// Like send(), but returns errors instead of throwing them.
    template <class Change>
    Result<std::optional<State>> try_send(Change change) const {
        static_assert(detail::takes_reference<Change, Draft>, "the function must take a reference to the draft, such as Draft &");
        Result<Edit<State, Draft>> edit = try_begin();
        if (!edit) {
            return edit.error();
        }
        change(edit->draft);
        return edit->try_commit();
    }

    /// Sets an argument by name, in the place of an earlier one of this name. The generated functions use it.
    template <class V>
    Self &with(const char *name, const V &value) & {
        arguments_.set(name, value);
        return self();
    }
    template <class V>
    Self with(const char *name, const V &value) && {
        return std::move(with(name, value));
    }

  private:
    Self &self() noexcept { return static_cast<Self &>(*this); }

    std::shared_ptr<const detail::Core> core_;
    const char *name_;
    detail::Arguments arguments_;
    detail::ParamsHandle params_;
    unsigned rebase_ = 0;
};

} // namespace configcat::management

#endif
