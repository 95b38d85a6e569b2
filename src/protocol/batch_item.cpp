#include <allot/batch.hpp>

#include <utility>

namespace allot {

char const* to_string(batch_strategy value) noexcept {
    switch (value) {
    case batch_strategy::get:
        return "get";
    case batch_strategy::batch:
        return "batch";
    case batch_strategy::automatic:
        return "automatic";
    }
    return "unknown";
}

batch_item::batch_item(
    std::uint64_t at, assignment_ref of, allot::result<allotment> outcome, exchange_info info) :
    position(at),
    reference(std::move(of)),
    result(std::move(outcome)),
    exchange(std::move(info)) {}

}
