#include "client/dealt_batch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace allot {
namespace asio = boost::asio;

namespace {

constexpr std::size_t most_in_delivery = 32;
constexpr std::size_t most_deliveries = 4; ///< of a client, on their way there and back
constexpr std::chrono::milliseconds longest_collection{2};

}

/// Where the clients' threads and the reader meet.
struct dealt_batch::exchange : std::enable_shared_from_this<exchange> {
    exchange(asio::any_io_executor executor, reference_source references, std::size_t lanes) :
        reader(executor),
        wake_up(std::move(executor)),
        dealer(std::move(references)),
        working(lanes) {}

    /// Null items: this client has delivered all.
    void deliver(delivery made) {
        bool wake = false;
        {
            std::lock_guard const lock(mutex);
            if (!made.items)
                --working;
            else if (!closed)
                ready.push_back(std::move(made));
            wake = std::exchange(reader_waits, false);
        }
        // It has begun to wait before this runs: that is its thread.
        if (wake)
            asio::post(reader, [self = shared_from_this()] { self->wake_up.cancel(); });
    }

    /// What the clients' batches have decided; the last one counts.
    void note(std::optional<strategy_choice> made) {
        std::lock_guard const lock(mutex);
        chosen = std::move(made);
    }

    /// Nobody reads any more.
    void close() {
        std::lock_guard const lock(mutex);
        closed = true;
        ready.clear(); // which refers to the lanes, and they to this
    }

    asio::any_io_executor const reader;
    asio::steady_timer wake_up; ///< of the reader alone; never comes by itself
    reference_dealer dealer;

    std::mutex mutex;
    std::deque<delivery> ready;
    std::size_t working;
    std::optional<strategy_choice> chosen;
    bool reader_waits = false;
    bool closed = false;
};

/// A client's part. All but the constructor runs on its executor.
class dealt_batch::lane : public std::enable_shared_from_this<lane> {
public:
    lane(hand const& own, std::shared_ptr<exchange> with) :
        executor_(own.executor),
        exchange_(std::move(with)),
        collection_(executor_),
        room_(executor_) {}

    void start(client& by, query const& options, batch_params const& pace) {
        // The batch keeps the generator, and the lane the batch.
        reference_source source = [weak = weak_from_this()]() -> std::optional<assignment_ref> {
            auto const self = weak.lock();
            return self ? self->next_reference() : std::nullopt;
        };
        batch_.emplace(by.get_allotments(std::move(source), options, pace));
        asio::co_spawn(executor_, run(shared_from_this()), asio::detached);
    }

    void post_stop() {
        asio::post(executor_, [self = shared_from_this()] {
            self->batch_->stop();
            self->end_soon();
        });
    }
    void post_cancel() {
        asio::post(executor_, [self = shared_from_this()] {
            self->batch_->cancel();
            self->end_soon();
        });
    }
    /// The reader is done with it.
    void post_back(std::unique_ptr<results> items) {
        asio::post(executor_, [self = shared_from_this(), items = std::move(items)]() mutable {
            items->clear();
            self->empty_.push_back(std::move(items));
            --self->out_;
            self->room_.cancel();
        });
    }

private:
    struct open_chunk {
        std::uint64_t first;
        std::size_t left;
    };

    /// No more is taken: what comes is little, and is not held back for a reader.
    void end_soon() {
        ends_ = true;
        room_.cancel();
    }

    std::optional<assignment_ref> next_reference() {
        if (given_ == chunk_.references.size()) {
            chunk_ = exchange_->dealer.deal();
            given_ = 0;
            if (chunk_.references.empty())
                return std::nullopt;
            open_.push_back({chunk_.first, chunk_.references.size()});
        }
        if (exchange_->dealer.stopped())
            return std::nullopt;
        return std::move(chunk_.references[given_++]);
    }

    static asio::awaitable<void> run(std::shared_ptr<lane> self) {
        for (;;) {
            while (self->out_ >= most_deliveries && !self->ends_) {
                boost::system::error_code woken;
                self->room_.expires_at(asio::steady_timer::time_point::max());
                co_await self->room_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            }
            auto item = co_await self->batch_->next();
            if (!item)
                break;
            self->collect(std::move(*item));
        }
        self->deliver();
        self->exchange_->deliver({self, nullptr});
    }

    void collect(batch_item item) {
        item.position = exchange_->dealer.position(settle(item.position - 1));
        if (!collected_)
            begin_collection();
        collected_->push_back(std::move(item));
        if (collected_->size() == most_in_delivery)
            deliver();
    }

    /// The number in the deal of this client's reference of that number. All chunks but the last are full.
    std::uint64_t settle(std::uint64_t number) {
        auto& from = open_[number / reference_dealer::chunk_size - closed_];
        auto const out = from.first + number % reference_dealer::chunk_size;
        --from.left;
        for (; !open_.empty() && open_.front().left == 0; ++closed_)
            open_.pop_front();
        return out;
    }

    void begin_collection() {
        if (empty_.empty()) {
            collected_ = std::make_unique<results>();
            collected_->reserve(most_in_delivery);
        } else {
            collected_ = std::move(empty_.back());
            empty_.pop_back();
        }
        if (std::exchange(timed_, true))
            return; // it comes too early for this one, which does no harm
        collection_.expires_after(longest_collection);
        collection_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            auto const self = weak.lock();
            if (!self || error)
                return;
            self->timed_ = false;
            self->deliver();
        });
    }

    void deliver() {
        if (!collected_)
            return;
        ++out_;
        if (auto choice = choice_told_ ? std::nullopt : batch_->chosen()) {
            choice_told_ = true;
            exchange_->note(std::move(choice));
        }
        exchange_->deliver({shared_from_this(), std::move(collected_)});
    }

    asio::any_io_executor executor_;
    std::shared_ptr<exchange> exchange_;
    std::optional<batch> batch_;

    reference_dealer::chunk chunk_;
    std::size_t given_ = 0;       // of it
    std::deque<open_chunk> open_; // not all of whose results have come
    std::uint64_t closed_ = 0;    // chunks before those

    std::unique_ptr<results> collected_;
    asio::steady_timer collection_;
    bool timed_ = false;
    bool ends_ = false;
    bool choice_told_ = false;
    std::size_t out_ = 0; // deliveries that are not back yet
    asio::steady_timer room_;
    std::vector<std::unique_ptr<results>> empty_;
};

dealt_batch::dealt_batch(
    std::vector<hand> const& hands, asio::any_io_executor reader, reference_source references,
    query const& options, batch_params const& each) :
    shared_(std::make_shared<exchange>(std::move(reader), std::move(references), hands.size())) {
    for (auto const& own : hands) {
        lanes_.push_back(std::make_shared<lane>(own, shared_));
        asio::post(own.executor, [started = lanes_.back(), by = own.client, options, each] {
            started->start(*by, options, each);
        });
    }
}

dealt_batch::dealt_batch(dealt_batch&&) noexcept = default;

dealt_batch::~dealt_batch() {
    if (!shared_)
        return;
    cancel();
    shared_->close();
}

asio::awaitable<batch_item const*> dealt_batch::next() {
    for (;;) {
        if (auto const* const item = take())
            co_return item;
        auto const found = look();
        if (found == arrival::all)
            co_return nullptr;
        if (found == arrival::some)
            continue;
        boost::system::error_code woken;
        co_await shared_->wake_up.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

/// The next item of the delivery that is being read.
batch_item const* dealt_batch::take() {
    if (!current_.items)
        return nullptr;
    if (read_ != 0) {
        auto& last = (*current_.items)[read_ - 1];
        if (auto const again = shared_->dealer.next_position(last.position)) {
            last.position = *again;
            return &last;
        }
    }
    if (read_ != current_.items->size())
        return &(*current_.items)[read_++];
    current_.from->post_back(std::move(current_.items));
    current_ = {};
    read_ = 0;
    return nullptr;
}

dealt_batch::arrival dealt_batch::look() {
    std::lock_guard const lock(shared_->mutex);
    if (!shared_->ready.empty()) {
        current_ = std::move(shared_->ready.front());
        shared_->ready.pop_front();
        return arrival::some;
    }
    if (shared_->working == 0)
        return arrival::all;
    shared_->reader_waits = true;
    shared_->wake_up.expires_at(asio::steady_timer::time_point::max());
    return arrival::none;
}

void dealt_batch::stop() {
    shared_->dealer.stop();
    for (auto const& each : lanes_)
        each->post_stop();
}

std::optional<strategy_choice> dealt_batch::chosen() const {
    std::lock_guard const lock(shared_->mutex);
    return shared_->chosen;
}

void dealt_batch::cancel() {
    shared_->dealer.stop();
    for (auto const& each : lanes_)
        each->post_cancel();
}

}
