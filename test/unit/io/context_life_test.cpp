#include "io/context_life.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace allot {
namespace {
namespace asio = boost::asio;

bool is_there(context_life& life) {
    bool called = false;
    life.while_there([&called] { called = true; });
    return called;
}

BOOST_AUTO_TEST_SUITE(context_lives)

BOOST_AUTO_TEST_CASE(a_context_has_one_that_ends_before_what_is_queued_is_destroyed) {
    std::shared_ptr<context_life> life;
    std::optional<bool> there_at_the_end;
    {
        asio::io_context context;
        std::shared_ptr<void> queued(nullptr, [&](void*) { there_at_the_end = is_there(*life); });
        asio::post(context, [owned = std::move(queued)] {});
        life = context_life::of(context);
        BOOST_TEST(life == context_life::of(context));
        BOOST_TEST(is_there(*life));
    }
    BOOST_TEST(!there_at_the_end.value());
    BOOST_TEST(!is_there(*life));
}

BOOST_AUTO_TEST_CASE(the_end_waits_for_who_uses_the_context) {
    auto context = std::make_unique<asio::io_context>();
    auto const life = context_life::of(*context);
    std::atomic<bool> used = false;
    std::atomic<bool> gone = false;
    std::atomic<bool> gone_too_early = false;
    std::thread other([&] {
        life->while_there([&] {
            used = true;
            for (int i = 0; i != 10'000 && !gone; ++i)
                std::this_thread::yield();
            gone_too_early = gone.load();
        });
    });
    while (!used)
        std::this_thread::yield();
    context.reset();
    gone = true;
    other.join();
    BOOST_TEST(!gone_too_early);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
