#include "audit/kept_input.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

namespace allot {
namespace {

/// What stands before the texts of a reference. They may be longer than any that is sent: those of a list are
/// as the server gave them.
struct record_head {
    std::uint64_t position;
    std::uint64_t assignment_size;
    std::uint32_t principal_size;
    assignment_scope scope;
};

}

void kept_input::add(input_entry entry) {
    if (auto* const reference = std::get_if<assignment_ref>(&entry))
        return add(*reference, size_ + 1);
    invalid_.push_back(std::get<invalid_entry>(std::move(entry)));
    ++size_;
}

void kept_input::add(assignment_ref const& reference, std::uint64_t position) {
    record_head head{};
    head.position = position;
    head.scope = reference.scope();
    head.principal_size = static_cast<std::uint32_t>(reference.principal_id().size());
    head.assignment_size = reference.assignment_id().size();
    spool_.append({reinterpret_cast<char const*>(&head), sizeof head});
    spool_.append(reference.principal_id());
    spool_.append(reference.assignment_id());
    ++references_;
    ++size_;
}

kept_reference kept_input::read() {
    record_head head{};
    spool_.read(reinterpret_cast<char*>(&head), sizeof head);
    std::string principal_id(head.principal_size, '\0');
    spool_.read(principal_id.data(), principal_id.size());
    std::string assignment_id(head.assignment_size, '\0');
    spool_.read(assignment_id.data(), assignment_id.size());
    ++read_;
    switch (head.scope) {
    case assignment_scope::admin:
        break;
    case assignment_scope::user:
        return {assignment_ref::user(std::move(principal_id), std::move(assignment_id)), head.position};
    case assignment_scope::group:
        return {assignment_ref::group(std::move(principal_id), std::move(assignment_id)), head.position};
    }
    return {assignment_ref::admin(std::move(assignment_id)), head.position};
}

void kept_input::begin() {
    spool_.rewind();
    read_ = 0;
}

std::vector<std::size_t> kept_input::repeated_hashes() {
    auto const parts = references_ / hashes_at_once_ + 1;
    std::vector<std::size_t> found;
    std::vector<std::size_t> hashes;
    // Parts are never of quite the same size.
    hashes.reserve(std::min<std::size_t>(references_, hashes_at_once_ + hashes_at_once_ / 16));
    for (std::size_t part = 0; part != parts; ++part) {
        hashes.clear();
        for (begin(); read_ != references_;) {
            auto const hash = std::hash<assignment_ref>()(read().reference);
            if (hash % parts == part)
                hashes.push_back(hash);
        }
        std::sort(hashes.begin(), hashes.end());
        for (auto at = std::adjacent_find(hashes.begin(), hashes.end()); at != hashes.end();
             at = std::adjacent_find(at, hashes.end())) {
            found.push_back(*at);
            at = std::upper_bound(at, hashes.end(), *at);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

void kept_input::find_repeats() {
    auto const hashes = repeated_hashes();
    if (!hashes.empty())
        for (begin(); read_ != references_;) {
            auto one = read();
            if (std::binary_search(hashes.begin(), hashes.end(), std::hash<assignment_ref>()(one.reference)))
                repeats_[std::move(one.reference)].push_back(one.position);
        }
    begin();
}

std::optional<kept_reference> kept_input::next() {
    if (!std::exchange(begun_, true))
        find_repeats();
    while (read_ != references_) {
        auto one = read();
        if (repeats_.empty())
            return one;
        auto const found = repeats_.find(one.reference);
        if (found == repeats_.end())
            return one;
        if (found->second.front() != one.position)
            continue;
        one.repeats.assign(found->second.begin() + 1, found->second.end());
        return one;
    }
    return std::nullopt;
}

kept_input keep_input(chunk_source source, std::string const& name, input_format format) {
    kept_input made;
    read_entries(std::move(source), name, format, [&made](input_entry entry) { made.add(std::move(entry)); });
    return made;
}

}
