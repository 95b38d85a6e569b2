#pragma once

#include "protocol/network_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace allot {

struct lookup_params {
    /// How long an answer is used without asking again. The system's resolver does not tell the time to live
    /// that the name server gave.
    std::chrono::milliseconds lifetime{30'000};
    /// How long a fresh answer is waited for while there is an old one (RFC 8767 section 5).
    std::chrono::milliseconds patience{1'800};
    std::chrono::hours longest_stale{24}; ///< an older answer is never used
    std::chrono::milliseconds hung_after{5'000};
    std::chrono::milliseconds given_up_after{30'000}; ///< then the name may be looked up anew beside it
    std::size_t most_hung = 4;        ///< of all names together; nothing new is started beyond it
    std::size_t most_of_one_name = 2; ///< at once, so that one name leaves room to the others
};

/// The addresses of a name; never empty.
struct lookup_answer {
    std::shared_ptr<std::vector<network_address> const> addresses; ///< null: no answer
    std::uint64_t version = 0;                                     ///< for `distrust`

    explicit operator bool() const noexcept { return addresses != nullptr; }
};

enum class lookup_step {
    use,    ///< the answer is there
    start,  ///< look the name up as `lookup`, then as `join`
    join,   ///< a look-up is under way: wait for its end
    refuse, ///< too many hang
};

struct lookup_decision {
    lookup_step step;
    lookup_answer answer;     ///< of `use`
    std::uint64_t lookup = 0; ///< of `start`
    std::chrono::steady_clock::time_point stale_at =
        std::chrono::steady_clock::time_point::max(); ///< when an old answer is better than to wait on
};

/// What the failure of a look-up means to those who wait.
struct lookup_setback {
    bool concerns_waiters; ///< false: another look-up of the name goes on
    lookup_answer answer;  ///< an old one to use all the same, if there is one
};

/// Which names are looked up when, and how long answers are kept. One look-up serves all who ask for its name
/// meanwhile. An old answer is used when a fresh one cannot be had (RFC 8767's idea); this is sound because
/// TLS verifies that the host is the right one, wherever the address leads.
class lookup_state {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit lookup_state(lookup_params const& params = lookup_params());

    lookup_decision ask(time_point now, std::string const& host);

    /// A look-up succeeded. Returns the answer to use: a later look-up may have brought a newer one.
    /// Preconditions: `addresses` is not empty; `lookup` was started and has not ended.
    lookup_answer found(
        time_point now, std::string const& host, std::uint64_t lookup,
        std::vector<network_address> addresses);

    /// A look-up failed. `no_such_name`: the name servers say that there is no such name, so that the old
    /// answer is worth nothing. Preconditions as for `found`.
    lookup_setback failed(time_point now, std::string const& host, std::uint64_t lookup, bool no_such_name);

    /// The old answer, if it may still be used.
    lookup_answer stale(time_point now, std::string const& host) const;

    /// The addresses of this answer do not work: the next one who asks gets a fresh look-up.
    void distrust(std::string const& host, std::uint64_t version);

    /// The names whose look-ups hang, for messages: "a.example, b.example".
    std::string hung(time_point now) const;

private:
    struct flight {
        std::uint64_t id;
        time_point started;
    };
    struct entry {
        lookup_answer answer;
        std::uint64_t answered_by = 0; ///< look-up of the answer
        time_point answered;
        time_point fresh_until = time_point::min();
        std::vector<flight> lookups; ///< under way, oldest first
    };

    lookup_answer stale(time_point now, entry const& of) const;
    bool hangs(time_point now, flight const& one) const { return now - one.started >= params_.hung_after; }
    std::size_t hung_count(time_point now) const;
    void forget_old(time_point now);
    static bool remove(entry& of, std::uint64_t lookup);

    lookup_params params_;
    std::map<std::string, entry> names_;
    std::uint64_t last_lookup_ = 0;
    std::uint64_t last_version_ = 0;
};

}
