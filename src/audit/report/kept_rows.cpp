#include "audit/report/kept_rows.hpp"

#include "audit/report/page_text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t attention_of(audit_outcome value) noexcept {
    switch (value) {
    case audit_outcome::failed:
        return 0;
    case audit_outcome::bad_body:
        return 1;
    case audit_outcome::forbidden:
        return 2;
    case audit_outcome::invalid_input:
        return 3;
    case audit_outcome::not_found:
        return 4;
    case audit_outcome::none:
        return 5;
    case audit_outcome::ok:
        break;
    }
    return 6;
}

kept_row keep(audit_row const& row, std::size_t pool) {
    kept_row out;
    out.position = row.position;
    out.scope = row.scope;
    out.outcome = row.outcome;
    out.pool = pool;
    out.http_status = row.http_status;
    out.attempts = row.attempts;
    out.milliseconds = std::chrono::round<std::chrono::milliseconds>(row.duration).count();
    out.principal_id = page_text(row.principal_id, most_id_bytes);
    out.assignment_id = page_text(row.assignment_id, most_id_bytes);
    if (row.error) {
        out.error_code = page_text(row.error->code, most_id_bytes);
        out.message = page_text(without_request(row.error->message), most_message_bytes);
        out.request_id = page_text(row.request_id, most_id_bytes);
    }
    return out;
}

}

std::size_t kept_row::text_size() const noexcept {
    return principal_id.size() + assignment_id.size() + error_code.size() + message.size() +
           request_id.size();
}

void kept_rows::add(audit_row const& row, std::size_t pool) {
    auto const attention = attention_of(row.outcome);
    if (attention >= full_from_) {
        dropped_ = true;
        return;
    }
    auto& added = by_attention_[attention].emplace_back(keep(row, pool));
    ++rows_;
    text_bytes_ += added.text_size();
    while (!has_room())
        drop_last();
}

// What a class has lost once it does not take again, so that it holds its first rows and no others.
void kept_rows::drop_last() {
    auto last = classes;
    while (by_attention_[last - 1].empty())
        --last;
    auto& rows = by_attention_[last - 1];
    text_bytes_ -= rows.back().text_size();
    rows.pop_back();
    --rows_;
    full_from_ = std::min(full_from_, last - 1);
    dropped_ = true;
}

std::vector<kept_row> kept_rows::take() {
    std::vector<kept_row> out;
    out.reserve(rows_);
    for (auto& rows : by_attention_) {
        std::move(rows.begin(), rows.end(), std::back_inserter(out));
        rows.clear();
    }
    return out;
}

}
