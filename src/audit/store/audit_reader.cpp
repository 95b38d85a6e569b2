#include "audit/store/audit_reader.hpp"

#include <numeric>

namespace allot {

std::uint64_t audit_counts::rows() const noexcept {
    return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0});
}

std::uint64_t audit_counts::error_rows() const noexcept {
    return rows() - of(audit_outcome::ok) - of(audit_outcome::none) - of(audit_outcome::not_found);
}

void audit_reader::for_each_row(row_order order, std::function<void(audit_row const&)> const& use) {
    auto const cursor = read_rows(order);
    while (auto const* const row = cursor->next())
        use(*row);
}

}
