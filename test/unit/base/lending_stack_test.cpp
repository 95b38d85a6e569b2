#include "base/lending_stack.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

namespace allot {
namespace {

struct counted {
    void on_returned() noexcept { ++returns; }
    int returns = 0;
};

BOOST_AUTO_TEST_SUITE(lending)

BOOST_AUTO_TEST_CASE(what_was_used_last_is_lent_first) {
    lending_stack<int> stack(2);
    auto first = stack.lend();
    auto second = stack.lend();
    auto const* const last = first.get();
    *first = 7;
    second.reset();
    first.reset();
    auto const again = stack.lend();
    BOOST_TEST(again.get() == last);
    BOOST_TEST(*again == 7);
}

BOOST_AUTO_TEST_CASE(no_more_are_kept_than_it_was_made_for) {
    lending_stack<counted> stack(1);
    {
        auto const first = stack.lend();
        auto const second = stack.lend();
    }
    auto const kept = stack.lend();
    BOOST_TEST(kept->returns == 1);
    BOOST_TEST(stack.lend()->returns == 0);
}

BOOST_AUTO_TEST_CASE(a_loan_is_moved_like_any_pointer) {
    lending_stack<counted> stack(1);
    auto first = stack.lend();
    auto const moved = std::move(first);
    BOOST_TEST(moved->returns == 0);
    BOOST_TEST(!first);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
