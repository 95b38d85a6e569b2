#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace allot {

/// The command line or the environment asks for something that cannot be done. The text names the option, the
/// rule and the way out.
class usage_error : public std::runtime_error {
public:
    using runtime_error::runtime_error;

    /// With whole lines that show how it is done.
    usage_error(std::string const& text, std::string examples) :
        runtime_error(text),
        examples_(std::move(examples)) {}

    std::string const& examples() const noexcept { return examples_; }

private:
    std::string examples_;
};

}
