#include "io/context_end.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace allot {
namespace {
namespace asio = boost::asio;

struct listed_guest final : context_guest {
    explicit listed_guest(std::vector<std::string>& to) : list(to) {}
    void context_ends() override { list.push_back("guest"); }
    std::vector<std::string>& list;
};

BOOST_AUTO_TEST_SUITE(context_ends)

BOOST_AUTO_TEST_CASE(a_guest_is_told_before_what_is_queued_is_destroyed) {
    std::vector<std::string> list;
    auto const guest = std::make_shared<listed_guest>(list);
    {
        asio::io_context context;
        std::shared_ptr<int> queued(new int(0), [&list](int const* owned) {
            list.push_back("queued");
            delete owned;
        });
        asio::post(context, [queued] {});
        tell_of_end(context, guest);
        asio::post(context, [owned = std::move(queued)] {});
        BOOST_TEST(list.empty());
    }
    BOOST_TEST((list == std::vector<std::string>{"guest", "queued"}));
}

BOOST_AUTO_TEST_CASE(a_guest_who_is_gone_is_not_told) {
    std::vector<std::string> list;
    auto const stays = std::make_shared<listed_guest>(list);
    {
        asio::io_context context;
        tell_of_end(context, std::make_shared<listed_guest>(list));
        tell_of_end(context, stays);
    }
    BOOST_TEST((list == std::vector<std::string>{"guest"}));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
