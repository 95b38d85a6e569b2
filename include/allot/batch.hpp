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

private:
    friend class batch_impl;
    friend class reference_dealer;
    std::vector<assignment_ref> references_;
    std::function<std::optional<assignment_ref>()> generator_;
};

/// How far a batch runs ahead of its reader.
class batch_params {
public:
    batch_params() = default;
    /// Most references under way at once; 0 takes `client_params::connections`.
    batch_params& concurrency(std::size_t value) noexcept;
    /// Results that may wait for `next`; fetching stops beyond it. 0 takes as many as are under way.
    batch_params& buffer(std::size_t value) noexcept;

    std::size_t concurrency() const noexcept { return concurrency_; }
    std::size_t buffer() const noexcept { return buffer_; }

private:
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

private:
    std::shared_ptr<batch_impl> impl_;
};

}
