#include "audit/store/allotment_texts.hpp"

#include "audit/store/store_error.hpp"
#include "json/decode.hpp"

#include <utility>

namespace allot {
namespace {

constexpr std::size_t most_bytes_kept = 4 * 1024 * 1024;

}

stored_allotment const* allotment_texts::find(std::int64_t key) const {
    auto const found = kept_.find(key);
    return found == kept_.end() ? nullptr : &found->second;
}

stored_allotment const& allotment_texts::keep(std::int64_t key, std::string_view json) {
    if (bytes_ + json.size() > most_bytes_kept) {
        kept_.clear();
        bytes_ = 0;
    }
    auto decoded = decode_allotment(json);
    if (!decoded)
        throw store_error(
            "the store: allotment " + std::to_string(key) + " is unreadable: " + to_string(decoded.error()));
    bytes_ += json.size();
    return kept_.insert_or_assign(key, stored_allotment{std::string(json), std::move(*decoded)})
        .first->second;
}

}
