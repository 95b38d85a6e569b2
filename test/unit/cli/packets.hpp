#pragma once

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace allot::test {

/// Takes what is written to a descriptor, one text for each write.
class packets {
public:
    packets() { BOOST_REQUIRE_EQUAL(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends_.data()), 0); }
    packets(packets const&) = delete;
    packets& operator=(packets const&) = delete;
    ~packets() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }

    int descriptor() const { return ends_[1]; }

    /// The writes since the last call.
    std::vector<std::string> take() const {
        std::vector<std::string> writes;
        std::array<char, 65'536> space{};
        while (true) {
            auto const got = ::recv(ends_[0], space.data(), space.size(), MSG_DONTWAIT);
            if (got < 0)
                return writes;
            writes.emplace_back(space.data(), static_cast<std::size_t>(got));
        }
    }

    std::string text() const {
        std::string all;
        for (auto const& each : take())
            all += each;
        return all;
    }

    /// Writes until nothing more goes in.
    void fill() const {
        while (::send(ends_[1], "x", 1, MSG_DONTWAIT) == 1)
            continue;
    }

private:
    std::array<int, 2> ends_{};
};

}
