// Lists with pages: page by page, or item by item.

#ifndef CONFIGCAT_MANAGEMENT_PAGES_HPP
#define CONFIGCAT_MANAGEMENT_PAGES_HPP

#include "request.hpp"

namespace configcat::management {

namespace detail {

/// Iterator over what a range fetches when needed: an input iterator, also of C++20. All iterators of a range are at the same place.
template <class Range, class Item>
class FetchIterator {
    /// What `*it++` needs of the place before.
    class Held {
      public:
        explicit Held(Item item) : item_(std::move(item)) {}
        const Item &operator*() const noexcept { return item_; }

      private:
        Item item_;
    };

  public:
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item *;
    using reference = const Item &;
    using iterator_category = std::input_iterator_tag;

    /// The end.
    FetchIterator() noexcept = default;
    explicit FetchIterator(Range *range) noexcept : range_(range) {}
    reference operator*() const noexcept { return range_->current(); }
    pointer operator->() const noexcept { return &range_->current(); }
    FetchIterator &operator++() {
        if (!range_->advance()) {
            range_ = nullptr;
        }
        return *this;
    }
    Held operator++(int) {
        Held held(**this);
        ++*this;
        return held;
    }
    bool operator==(const FetchIterator &other) const noexcept { return range_ == other.range_; }
    bool operator!=(const FetchIterator &other) const noexcept { return range_ != other.range_; }

  private:
    Range *range_ = nullptr;
};

} // namespace detail

/// The pages of a list, which are fetched when needed: for (const auto &page : request.pages()), or with next(). A loop that was left
/// can be continued: begin() is then at the page after the last one that was read.
template <class Item>
class Pages {
  public:
    using Iterator = detail::FetchIterator<Pages, std::vector<Item>>;

    Pages(std::shared_ptr<const detail::Core> core, detail::PagesHandle pages)
        : core_(std::move(core)), pages_(std::move(pages)) {}

    /// Fetches the next page. Returns nothing after the last one. Throws an Error if the request fails; the next call then
    /// requests the same page again.
    std::optional<std::vector<Item>> next() { return try_next().value(); }

    /// Like next(), but returns errors instead of throwing them.
    Result<std::optional<std::vector<Item>>> try_next() {
        using Page = std::optional<std::vector<Item>>;
        ccm_response *response = nullptr;
        ccm_error *error = nullptr;
        ccm_status status = ccm_pages_next(pages_.get(), &response, &error);
        if (status == CCM_DONE) {
            return Page();
        }
        if (status != CCM_OK) {
            return Error::from(status, error);
        }
        detail::ResponseHandle owned(response);
        std::vector<Item> page;
        using detail::read;
        read(Value(ccm_response_items(response)), page);
        return Page(std::move(page));
    }

    /// Fetches the next page, unless the last one that was fetched has not been read. Throws an Error if the request fails.
    Iterator begin() { return Iterator((page_ && !is_read_) || advance() ? this : nullptr); }
    Iterator end() noexcept { return Iterator(); }

  private:
    friend Iterator;

    const std::vector<Item> &current() noexcept {
        is_read_ = true;
        return *page_;
    }

    bool advance() {
        page_ = next();
        is_read_ = false;
        return page_.has_value();
    }

    std::shared_ptr<const detail::Core> core_;
    detail::PagesHandle pages_;
    std::optional<std::vector<Item>> page_;
    bool is_read_ = false;
};

/// Range over the items of all pages of a list. Pages are fetched when needed: for (const auto &item : request.items()).
///
/// A loop that was left, also by an exception, can be continued with another loop over the same object: begin() is at the item after
/// the last one that was read. If a request failed, it fetches the same page again.
template <class Item>
class Items {
  public:
    using Iterator = detail::FetchIterator<Items, Item>;

    explicit Items(Pages<Item> pages) : pages_(std::move(pages)) {}

    /// Fetches the next page, unless an item has not been read. Throws an Error if the request fails.
    Iterator begin() { return Iterator((is_read_ ? advance() : available()) ? this : nullptr); }
    Iterator end() noexcept { return Iterator(); }

  private:
    friend Iterator;

    const Item &current() noexcept {
        is_read_ = true;
        return page_[index_];
    }

    bool advance() {
        if (index_ < page_.size()) {
            index_++;
        }
        is_read_ = false;
        return available();
    }

    /// Whether there is an item; fetches the next page if all items of this one have been read.
    bool available() {
        if (index_ == page_.size()) {
            auto page = pages_.next();
            page_ = page ? std::move(*page) : std::vector<Item>();
            index_ = 0;
        }
        return index_ < page_.size();
    }

    Pages<Item> pages_;
    std::vector<Item> page_;
    std::size_t index_ = 0;
    bool is_read_ = false;
};

/// A call of a paged operation.
template <class T, class Item, class Self>
class [[nodiscard]] PagedRequest : public Request<T, Self> {
  public:
    using Request<T, Self>::Request;

    /// Returns a range over the items of all pages. Pages are fetched when needed.
    Items<Item> items() const { return Items<Item>(pages()); }

    /// Returns the pages, for work page by page. Starts at the page of the request, or at the first.
    Pages<Item> pages() const {
        this->check();
        const std::string arguments = this->arguments_.json();
        ccm_pages *pages = nullptr;
        detail::check([&](ccm_error **error) {
            return ccm_pages_new(this->core_->client.get(), this->operation_.c_str(), arguments.data(), arguments.size(),
                                 this->params_.get(), &pages, error);
        });
        return Pages<Item>(this->core_, detail::PagesHandle(pages));
    }
};

} // namespace configcat::management

#endif
