#pragma once

#include <allot/batch.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// How a run ended.
enum class run_cause {
    complete,  ///< every reference has its answer
    signal,    ///< SIGINT or SIGTERM
    no_token,  ///< no token to be had, or Graph refuses a fresh one
    forbidden, ///< the first answers were all 403
    untrusted, ///< at first nothing but refused certificates, or a proxy that refuses
    parked,    ///< Graph asks for a wait beyond the limit
    unlisted,  ///< the list of assignments could not be read to its end
};

/// What ended a run, and what to say about it.
struct run_end {
    run_cause cause = run_cause::complete;
    int signal_number = 0;                                          ///< of `signal`
    std::optional<std::chrono::system_clock::time_point> resume_at; ///< of `parked`
    std::string message; ///< for people; empty for `complete` and `signal`
};

/// Decides for each answer of a run whether it becomes a row, and when the run stops. Knows no clock.
/// Thread safety: shared: unsafe.
class run_state {
public:
    /// What the batch is to do now.
    enum class action {
        none,
        stop,   ///< take no more references; give what is under way a grace
        cancel, ///< end what is under way
    };

    struct verdict {
        bool is_row = true;
        action next = action::none;
    };

    /// As many answers of one kind at the start say that all will be like that.
    static constexpr std::uint32_t telling_answers = 20;

    verdict on_item(batch_item const& item);

    /// The first signal stops, any further one cancels.
    action on_signal(int signal_number);

    action on_grace_over();

    bool is_stopping() const noexcept { return phase_ != phase::running; }

    /// Preconditions: the batch has given its last item.
    run_end end() const { return end_; }

private:
    enum class phase { running, stopping, cancelled };

    void stop_for(run_cause cause, std::string message);
    bool cuts_off(failure const& why);
    void judge_start(batch_item const& item);
    std::string missing_permissions() const;

    phase phase_ = phase::running;
    run_end end_;
    std::uint32_t items_ = 0; // counted up to `telling_answers`
    std::uint32_t forbidden_ = 0;
    std::uint32_t untrusted_ = 0;
    std::array<bool, 3> scopes_{}; // among the first answers
};

}
