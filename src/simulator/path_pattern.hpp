#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace allot::simulation {

/// A compiled regular expression (ECMAScript), found anywhere in a path.
/// Thread safety: safe, never changes.
class path_pattern {
public:
    /// Throws std::invalid_argument that says what is wrong with the expression.
    explicit path_pattern(std::string const& expression);

    /// A path on which the search becomes too expensive counts as not found.
    bool found_in(std::string_view path) const;

private:
    struct compiled;
    std::shared_ptr<compiled const> compiled_;
};

}
