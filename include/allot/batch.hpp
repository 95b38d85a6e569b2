#pragma once

#include <allot/assignment_ref.hpp>
#include <allot/failure.hpp>
#include <allot/model.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace allot {

class batch_impl;

/// Where a batch takes its references from, one at a time, as it has room for them.
class reference_source {
public:
    /// All at once. A reference that stands in it several times is fetched once.
    reference_source(std::vector<assignment_ref> references);

    /// A generator: called until it returns nothing, always from the client's executor, never concurrently.
    /// Memory stays bounded: equal references share a fetch only while the first one's result has not been
    /// taken; a later one is fetched again. It must not throw.
    template <class F>
    requires std::is_invocable_r_v<std::optional<assignment_ref>, F&> reference_source(F generator) :
        generator_(std::move(generator)) {}

    /// A generator whose number of references is known, which `batch_strategy::automatic` takes into account.
    template <class F>
    requires std::is_invocable_r_v<std::optional<assignment_ref>, F&>
    reference_source(F generator, std::uint64_t count) : generator_(std::move(generator)), count_(count) {}

private:
    friend class batch_impl;
    friend class reference_dealer;
    std::vector<assignment_ref> references_;
    std::function<std::optional<assignment_ref>()> generator_;
    std::optional<std::uint64_t> count_;
};

/// How the references of a batch are asked for. Graph counts the same requests either way, and each result
/// comes about in the same way: with its own attempts, deadline and errors.
enum class batch_strategy {
    get, ///< a request for each
    /// Up to 20 in one `$batch` call, fewer while large ones are answered less well. Takes a third of the CPU
    /// and fewer round trips; a result may come later, as it waits for the others of its call.
    batch,
    automatic, ///< by the first answers: `batch` where they take too long for as many as Graph grants
};

/// The enumerator's name: "get", "batch", "automatic".
char const* to_string(batch_strategy value) noexcept;

/// How a batch with `batch_strategy::automatic` goes on.
struct strategy_choice {
    batch_strategy strategy = batch_strategy::get;
    std::string reason; ///< for people
};

/// How a batch asks, and how far it runs ahead of its reader.
class batch_params {
public:
    batch_params() = default;
    /// `batch_strategy::get` by default.
    batch_params& strategy(batch_strategy value) noexcept;
    /// Most references under way at once; 0 takes `client_params::connections`, and 20 times as many where
    /// they can go out in `$batch` calls.
    batch_params& concurrency(std::size_t value) noexcept;
    /// Results that may wait for `next`; fetching stops beyond it. 0 takes as many as are under way.
    batch_params& buffer(std::size_t value) noexcept;

    batch_strategy strategy() const noexcept { return strategy_; }
    std::size_t concurrency() const noexcept { return concurrency_; }
    std::size_t buffer() const noexcept { return buffer_; }

private:
    batch_strategy strategy_ = batch_strategy::get;
    std::size_t concurrency_ = 0;
    std::size_t buffer_ = 0;
};

/// The result for one reference of a batch.
class batch_item {
public:
    batch_item(
        std::uint64_t position, assignment_ref reference, allot::result<allotment> result,
        exchange_info exchange);

    std::uint64_t position; ///< of the reference in the input, from 1
    assignment_ref reference;
    allot::result<allotment> result;
    exchange_info exchange; ///< shared by all positions of one fetch
};

/// Results of a batch in completion order, one for each reference of the input.
/// Lifetimes: keeps the client's parts alive; destroying it cancels what is under way.
/// Thread safety: distinct objects: safe; shared: unsafe. One `next` at a time.
class batch {
public:
    explicit batch(std::shared_ptr<batch_impl> impl) noexcept;
    batch(batch&&) noexcept;
    batch& operator=(batch&&) noexcept;
    ~batch();

    /// The next result, or nothing after the last one.
    /// Cancellation: terminal and partial; returns nothing, and the result that would have come is kept for
    /// the next call. The batch goes on.
    boost::asio::awaitable<std::optional<batch_item>> next();

    /// Stops taking references; what waits is given up, what is under way is cancelled. Each reference
    /// already taken still gets its result, a cancelled one `errc::cancelled`.
    void cancel();

    /// Stops taking references; what is under way goes on to its result.
    void stop();

    /// What an automatic strategy has decided; nothing yet, or for another one. Thread safety: safe.
    std::optional<strategy_choice> chosen() const;

private:
    std::shared_ptr<batch_impl> impl_;
};

}
