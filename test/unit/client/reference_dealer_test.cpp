#include "client/reference_dealer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace allot {
namespace {

std::vector<assignment_ref> numbered(std::vector<int> const& numbers) {
    std::vector<assignment_ref> made;
    for (int const number : numbers)
        made.push_back(assignment_ref::admin("id" + std::to_string(number)));
    return made;
}

std::vector<assignment_ref> deal_all(reference_dealer& dealer, std::vector<std::uint64_t>& firsts) {
    std::vector<assignment_ref> all;
    for (auto chunk = dealer.deal(); !chunk.references.empty(); chunk = dealer.deal()) {
        firsts.push_back(chunk.first);
        all.insert(all.end(), chunk.references.begin(), chunk.references.end());
    }
    return all;
}

BOOST_AUTO_TEST_SUITE(reference_dealers)

BOOST_AUTO_TEST_CASE(all_are_dealt_in_chunks_in_their_order) {
    std::vector<int> numbers(40);
    for (int index = 0; index != 40; ++index)
        numbers[static_cast<std::size_t>(index)] = index;
    reference_dealer dealer(numbered(numbers));
    std::vector<std::uint64_t> firsts;
    BOOST_TEST((deal_all(dealer, firsts) == numbered(numbers)));
    BOOST_TEST((firsts == std::vector<std::uint64_t>{0, 16, 32}));
    BOOST_TEST(dealer.position(39) == 40u);
    BOOST_TEST(!dealer.next_position(40).has_value());
}

BOOST_AUTO_TEST_CASE(row_27_what_stands_in_a_list_several_times_is_dealt_once) {
    reference_dealer dealer(numbered({7, 8, 7, 9, 8, 7}));
    std::vector<std::uint64_t> firsts;
    BOOST_TEST((deal_all(dealer, firsts) == numbered({7, 8, 9})));
    BOOST_TEST(dealer.position(0) == 1u);
    BOOST_TEST(dealer.position(1) == 2u);
    BOOST_TEST(dealer.position(2) == 4u);
    BOOST_TEST(*dealer.next_position(1) == 3u);
    BOOST_TEST(*dealer.next_position(3) == 6u);
    BOOST_TEST(!dealer.next_position(6).has_value());
    BOOST_TEST(*dealer.next_position(2) == 5u);
    BOOST_TEST(!dealer.next_position(4).has_value());
}

BOOST_AUTO_TEST_CASE(a_generator_is_not_asked_again_once_it_has_ended) {
    int asked = 0;
    reference_dealer dealer([&asked]() -> std::optional<assignment_ref> {
        if (++asked > 20)
            return std::nullopt;
        return assignment_ref::admin("id");
    });
    std::vector<std::uint64_t> firsts;
    BOOST_TEST(deal_all(dealer, firsts).size() == 20u);
    BOOST_TEST(dealer.deal().references.empty());
    BOOST_TEST(asked == 21);
    BOOST_TEST(dealer.position(19) == 20u);
    BOOST_TEST(!dealer.next_position(20).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_is_dealt_once_it_is_stopped) {
    int asked = 0;
    reference_dealer* all = nullptr;
    reference_dealer dealer([&]() -> std::optional<assignment_ref> {
        if (++asked == 5)
            all->stop();
        return assignment_ref::admin("id");
    });
    all = &dealer;
    BOOST_TEST(dealer.deal().references.size() == 5u);
    BOOST_TEST(dealer.deal().references.empty());
    BOOST_TEST(asked == 5);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
