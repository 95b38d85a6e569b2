#include "protocol/batch_state.hpp"

#include <unordered_map>
#include <utility>

namespace allot {

duplicate_chain::duplicate_chain(std::vector<assignment_ref> const& references) {
    struct deref {
        std::size_t operator()(assignment_ref const* a) const { return std::hash<assignment_ref>()(*a); }
        bool operator()(assignment_ref const* a, assignment_ref const* b) const { return *a == *b; }
    };
    std::unordered_map<assignment_ref const*, std::size_t, deref, deref> last;
    last.reserve(references.size());
    for (std::size_t index = 0; index != references.size(); ++index) {
        auto const [found, is_new] = last.try_emplace(&references[index], index);
        if (is_new)
            continue;
        if (next_.empty()) {
            next_.assign(references.size(), none);
            repeats_.assign(references.size(), false);
        }
        repeats_[index] = true;
        next_[std::exchange(found->second, index)] = index;
    }
}

batch_state::batch_state(std::size_t concurrency, std::size_t buffer) :
    window_(concurrency + buffer),
    joinable_(0, hash{&fetches_}, equal{&fetches_}) {}

std::optional<batch_state::worker_id> batch_state::take_worker() {
    if (workers_.empty() || !(has_room(workers_.front().wanted) || stopped_))
        return std::nullopt;
    auto const worker = workers_.front().id;
    workers_.pop_front();
    return worker;
}

batch_state::fetch_id batch_state::start(
    assignment_ref&& reference, std::span<std::uint64_t const> positions, std::size_t its_hash) {
    ++open_;
    if (unused_.empty()) {
        fetches_.push_back({std::move(reference), {positions.begin(), positions.end()}, its_hash});
        return fetches_.size() - 1;
    }
    auto const id = unused_.back();
    unused_.pop_back();
    auto& again = fetches_[id];
    again.reference = std::move(reference);
    again.positions.assign(positions.begin(), positions.end());
    again.hash = its_hash;
    again.delivered = 0;
    again.weight = 1;
    again.at.exchange = {};
    return id;
}

std::optional<batch_state::fetch_id> batch_state::add(assignment_ref reference) {
    auto const position = ++added_;
    auto const its_hash = std::hash<assignment_ref>()(reference);
    if (auto const found = joinable_.find(hashed_reference{reference, its_hash}); found != joinable_.end()) {
        auto& joined = fetches_[*found];
        joined.positions.push_back(position);
        ++joined.weight;
        ++open_;
        return std::nullopt;
    }
    auto const id = start(std::move(reference), std::span(&position, 1), its_hash);
    joinable_.insert(id);
    return id;
}

batch_state::fetch_id batch_state::add(assignment_ref reference, std::span<std::uint64_t const> positions) {
    return start(std::move(reference), positions);
}

void batch_state::complete(fetch_id id, result<allotment>&& outcome, exchange_info&& exchange) {
    auto& at = place_of(id);
    at.outcome.emplace(std::move(outcome));
    at.exchange = std::move(exchange);
    complete(id);
}

std::optional<batch_item> batch_state::take() {
    if (ready_.empty())
        return std::nullopt;
    auto const id = ready_.front();
    auto& ended = fetches_[id];
    auto const position = ended.positions[ended.delivered++];
    std::optional<batch_item> out;
    if (ended.delivered != ended.positions.size()) {
        out.emplace(position, ended.reference, *ended.at.outcome, ended.at.exchange);
        return out;
    }

    ready_.pop_front();
    joinable_.erase(id);
    open_ -= ended.weight;
    unused_.push_back(id);
    out.emplace(
        position, std::move(ended.reference), std::move(*ended.at.outcome), std::move(ended.at.exchange));
    ended.at.outcome.reset();
    return out;
}

}
