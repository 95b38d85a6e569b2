#include "client/reference_dealer.hpp"

#include <utility>

namespace allot {

reference_dealer::reference_dealer(reference_source source) :
    references_(std::move(source.references_)),
    generator_(std::move(source.generator_)) {
    if (generator_)
        return;
    duplicates_.emplace(references_);
    for (std::size_t index = 0; index != references_.size(); ++index)
        if (!duplicates_->repeats(index))
            firsts_.push_back(index);
    if (firsts_.size() == references_.size())
        firsts_ = {};
}

reference_dealer::chunk reference_dealer::deal() {
    chunk out;
    std::lock_guard const lock(mutex_);
    out.first = dealt_;
    while (out.references.size() != chunk_size && !ended_ && !stopped()) {
        auto reference = next();
        if (reference)
            out.references.push_back(std::move(*reference));
        else
            ended_ = true;
    }
    return out;
}

std::optional<assignment_ref> reference_dealer::next() {
    if (generator_) {
        auto generated = generator_();
        dealt_ += generated ? 1 : 0;
        return generated;
    }
    if (dealt_ == (firsts_.empty() ? references_.size() : firsts_.size()))
        return std::nullopt;
    return std::move(references_[position(dealt_++) - 1]);
}

std::uint64_t reference_dealer::position(std::uint64_t number) const {
    return (firsts_.empty() ? number : firsts_[number]) + 1;
}

std::optional<std::uint64_t> reference_dealer::next_position(std::uint64_t before) const {
    if (!duplicates_)
        return std::nullopt;
    auto const index = duplicates_->next(before - 1);
    return index == duplicate_chain::none ? std::nullopt : std::optional<std::uint64_t>(index + 1);
}

}
