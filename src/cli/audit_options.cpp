#include "cli/audit_options.hpp"

#include "audit/text.hpp"
#include "cli/first_steps.hpp"
#include "cli/usage_error.hpp"

#include <unistd.h>

namespace allot {
namespace {

constexpr std::uint64_t most_problems_shown = 10;

}

void strict_check::add(invalid_entry const& entry) {
    if (++count_ <= most_problems_shown)
        problems_ += "; " + entry.problem;
}

void strict_check::finish(std::string const& input_name, std::uint64_t entries) const {
    if (count_ != 0)
        throw input_error(
            input_name + ": " + with_separators(count_) + " of " + with_separators(entries) +
            " entries are invalid" + problems_ + (count_ > most_problems_shown ? "; ..." : ""));
}

std::string input_argument(audit_options const& options) {
    if (options.file)
        return *options.file;
    if (::isatty(STDIN_FILENO) == 1)
        throw usage_error(
            "there is no input: name a file of assignment ids, pipe them in, or give - to type them here",
            audit_examples());
    return "-";
}

}
