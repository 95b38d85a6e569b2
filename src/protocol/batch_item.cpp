#include <allot/batch.hpp>

#include <utility>

namespace allot {

batch_item::batch_item(
    std::uint64_t at, assignment_ref of, allot::result<allotment> outcome, exchange_info info) :
    position(at),
    reference(std::move(of)),
    result(std::move(outcome)),
    exchange(std::move(info)) {}

}
