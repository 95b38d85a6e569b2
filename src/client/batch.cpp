#include "client/batch_impl.hpp"

#include <allot/batch.hpp>

#include <utility>

namespace allot {

reference_source::reference_source(std::vector<assignment_ref> references) :
    references_(std::move(references)) {}

batch_params& batch_params::strategy(batch_strategy value) noexcept {
    strategy_ = value;
    return *this;
}

batch_params& batch_params::concurrency(std::size_t value) noexcept {
    concurrency_ = value;
    return *this;
}

batch_params& batch_params::buffer(std::size_t value) noexcept {
    buffer_ = value;
    return *this;
}

batch::batch(std::shared_ptr<batch_impl> impl) noexcept : impl_(std::move(impl)) {}

batch::batch(batch&&) noexcept = default;

batch& batch::operator=(batch&& other) noexcept {
    batch(std::move(other)).impl_.swap(impl_);
    return *this;
}

batch::~batch() {
    cancel();
}

boost::asio::awaitable<std::optional<batch_item>> batch::next() {
    return batch_impl::next(impl_);
}

void batch::cancel() {
    if (impl_)
        impl_->cancel();
}

std::optional<strategy_choice> batch::chosen() const {
    return impl_ ? impl_->chosen() : std::nullopt;
}

void batch::stop() {
    if (impl_)
        impl_->stop();
}

}
