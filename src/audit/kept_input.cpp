#include "audit/kept_input.hpp"

#include "audit/io_error.hpp"
#include "base/file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <variant>

namespace allot {
namespace {

/// What stands before the texts of a reference.
struct record_head {
    std::uint64_t position;
    assignment_scope scope;
    std::uint16_t principal_size;
    std::uint16_t assignment_size;
};

}

void byte_spool::open() {
    std::error_code unusable;
    auto const folder = std::filesystem::temp_directory_path(unusable);
    name_ = ((unusable ? "/tmp" : folder) / "allot-input-XXXXXX").string();
    file_descriptor made(::mkostemp(name_.data(), O_CLOEXEC));
    if (made.get() == -1)
        throw io_error("cannot create the temporary file (TMPDIR chooses its folder)", name_, errno);
    ::unlink(name_.c_str());
    file_.reset(::fdopen(made.get(), "w+"));
    if (!file_)
        throw io_error("cannot open", name_, errno);
    made.release();
}

void byte_spool::append(std::string_view bytes) {
    if (!file_ && head_.size() + bytes.size() <= most_in_memory_) {
        head_ += bytes;
        return;
    }
    if (!file_)
        open();
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
        throw io_error("cannot write the temporary file (TMPDIR chooses its folder)", name_, errno);
}

void byte_spool::rewind() {
    head_read_ = 0;
    if (file_ && (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0))
        throw io_error("cannot write the temporary file (TMPDIR chooses its folder)", name_, errno);
}

void byte_spool::read(char* room, std::size_t size) {
    auto const from_head = std::min(size, head_.size() - head_read_);
    std::memcpy(room, head_.data() + head_read_, from_head);
    head_read_ += from_head;
    auto const left = size - from_head;
    if (left != 0 && std::fread(room + from_head, 1, left, file_.get()) != left)
        throw io_error("cannot read the temporary file", name_, std::ferror(file_.get()) != 0 ? errno : EIO);
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
    head.principal_size = static_cast<std::uint16_t>(reference.principal_id().size());
    head.assignment_size = static_cast<std::uint16_t>(reference.assignment_id().size());
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
