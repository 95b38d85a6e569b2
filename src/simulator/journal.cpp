#include "simulator/journal.hpp"

#include "simulator/json_writer.hpp"

#include <openssl/sha.h>

#include <cstdio>
#include <utility>

namespace allot::simulation {
namespace {

void write_items(json_writer& json, std::vector<journal_item> const& items) {
    json.key("items").begin_array();
    for (auto const& each : items) {
        json.begin_object().text_member("id", each.id).text_member("target", each.target);
        json.number_member("status", each.status).key("rule");
        each.rule ? json.number(static_cast<std::int64_t>(*each.rule)) : json.null();
        json.key("early").boolean(each.early).end_object();
    }
    json.end_array();
}

}

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
    json.key("early").boolean(entry.early).number_member("units", entry.units);
    if (!entry.items.empty())
        write_items(json, entry.items);
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
    if (of == kind::token)
        ++stats_.token_requests;
    else if (of == kind::discovery)
        ++stats_.discovery_requests;
    else
        count(entry, of);
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

void journal::count(journal_entry const& entry, kind of) {
    simulator_second seen;
    seen.requests = 1;
    seen.units = static_cast<std::uint64_t>(entry.units);
    seen.batch_items = entry.items.size();
    ++stats_.by_status[entry.status];
    for (auto const& each : entry.items) {
        ++stats_.items_by_status[each.status];
        seen.throttled += each.throttled ? 1 : 0;
        seen.early += each.early ? 1 : 0;
    }
    if (of == kind::throttled) {
        ++seen.throttled;
        seen.early += entry.early ? 1 : 0;
    }
    auto const second = static_cast<std::size_t>(entry.time / std::chrono::seconds(1));
    if (stats_.seconds.size() <= second)
        stats_.seconds.resize(second + 1);
    auto& now = stats_.seconds[second];
    now.requests += seen.requests;
    now.units += seen.units;
    now.batch_items += seen.batch_items;
    now.throttled += seen.throttled;
    now.early += seen.early;
    stats_.requests += seen.requests;
    stats_.units += seen.units;
    stats_.batch_items += seen.batch_items;
    stats_.throttled += seen.throttled;
    stats_.early += seen.early;
}

void journal::add_malformed() {
    std::lock_guard const lock(mutex_);
    ++stats_.malformed;
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
    return added_.wait_for(lock, limit, [&] {
        return stats_.requests + stats_.token_requests + stats_.discovery_requests >= requests;
    });
}

}
