#include "simulator/journal.hpp"

#include "simulator/json_writer.hpp"

#include <openssl/sha.h>

#include <cstdio>
#include <utility>

namespace allot::simulation {

std::string to_json(journal_entry const& entry) {
    std::string out;
    json_writer json(out);
    char milliseconds[32];
    std::snprintf(
        milliseconds, sizeof milliseconds, "%lld.%03lld", static_cast<long long>(entry.time.count() / 1000),
        static_cast<long long>(entry.time.count() % 1000));
    json.begin_object().key("time").json(milliseconds);
    json.number_member("connection", static_cast<std::int64_t>(entry.connection));
    json.text_member("method", entry.method).text_member("target", entry.target);
    json.key("fields").begin_object();
    for (auto at = entry.fields.begin(); at != entry.fields.end(); ++at) {
        bool first = true;
        for (auto before = entry.fields.begin(); before != at && first; ++before)
            first = !same_name(before->name, at->name);
        if (!first)
            continue;
        // An object has each name once; RFC 9110 section 5.3 says how values of one name join.
        auto value = at->value;
        for (auto next = at + 1; next != entry.fields.end(); ++next)
            if (same_name(next->name, at->name))
                value += ", " + next->value;
        json.text_member(at->name, value);
    }
    json.end_object().key("status");
    entry.status == 0 ? json.null() : json.number(entry.status);
    json.key("rule");
    entry.rule ? json.number(static_cast<std::int64_t>(*entry.rule)) : json.null();
    json.key("early").boolean(entry.early);
    if (!entry.outcome.empty())
        json.text_member("outcome", entry.outcome);
    json.end_object();
    return out;
}

std::string redacted_authorization(std::string_view value) {
    auto const space = value.find(' ');
    auto const scheme = space == std::string_view::npos ? std::string_view() : value.substr(0, space + 1);
    auto const credentials = value.substr(scheme.size());
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<unsigned char const*>(credentials.data()), credentials.size(), digest);
    auto out = std::string(scheme) + "sha256:";
    for (auto const byte : std::vector<unsigned char>(digest, digest + 8)) {
        out += "0123456789abcdef"[byte >> 4U];
        out += "0123456789abcdef"[byte & 0xfU];
    }
    return out;
}

bool journal::open(std::string const& file) {
    file_.open(file, std::ios::binary | std::ios::trunc);
    return file_.is_open();
}

void journal::add(journal_entry entry, kind of) {
    std::lock_guard const lock(mutex_);
    if (of == kind::token) {
        ++stats_.token_requests;
    } else {
        ++stats_.requests;
        ++stats_.by_status[entry.status];
        stats_.throttled += of == kind::throttled ? 1 : 0;
        stats_.early += entry.early ? 1 : 0;
    }
    if (file_.is_open()) {
        // Each line is handed over at once: somebody may follow the file.
        file_ << to_json(entry) << '\n' << std::flush;
        if (!file_) {
            ++stats_.journal_lines_lost;
            file_.clear();
        }
    }
    if (keep_)
        entries_.push_back(std::move(entry));
    added_.notify_all();
}

void journal::add_connection() {
    std::lock_guard const lock(mutex_);
    ++stats_.connections;
}

void journal::add_resumed_session() {
    std::lock_guard const lock(mutex_);
    ++stats_.sessions_resumed;
}

simulator_stats journal::stats() const {
    std::lock_guard const lock(mutex_);
    return stats_;
}

std::vector<journal_entry> journal::entries() const {
    std::lock_guard const lock(mutex_);
    return entries_;
}

bool journal::wait_for(std::uint64_t requests, std::chrono::milliseconds limit) const {
    std::unique_lock lock(mutex_);
    return added_.wait_for(lock, limit, [&] { return stats_.requests + stats_.token_requests >= requests; });
}

}
