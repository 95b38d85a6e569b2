#include "simulator/path_pattern.hpp"

#include <boost/regex.hpp>

#include <stdexcept>
#include <string>

namespace allot::simulation {

struct path_pattern::compiled {
    boost::regex regex;
};

path_pattern::path_pattern(std::string const& expression) {
    try {
        compiled_ =
            std::make_shared<compiled const>(compiled{boost::regex(expression, boost::regex::ECMAScript)});
    } catch (boost::regex_error const& error) {
        // Its own text goes on with a part of the expression, as it is.
        boost::regex_error const reason(error.code());
        throw std::invalid_argument(
            std::string(reason.what()) + " (at byte " + std::to_string(error.position()) + ")");
    }
}

bool path_pattern::found_in(std::string_view path) const {
    try {
        return boost::regex_search(path.data(), path.data() + path.size(), compiled_->regex);
    } catch (std::runtime_error const&) {
        return false;
    }
}

}
