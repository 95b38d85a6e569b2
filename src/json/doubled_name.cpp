#include "json/doubled_name.hpp"

#include "json/parse.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <set>
#include <utility>
#include <vector>

namespace allot {
namespace {

using boost::json::error_code;
using piece = boost::json::string_view;

// A handler of Boost.JSON's parser: all but names is passed over.
class name_watch {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    bool on_object_begin(error_code&) {
        open_.emplace_back();
        return true;
    }

    bool on_object_end(std::size_t, error_code&) {
        open_.pop_back();
        return true;
    }

    bool on_key_part(piece part, std::size_t, error_code&) {
        name_.append(part.data(), part.size());
        return true;
    }

    bool on_key(piece part, std::size_t, error_code& stop) {
        name_.append(part.data(), part.size());
        if (open_.back().insert(name_).second) {
            name_.clear();
            return true;
        }
        found_ = std::move(name_);
        stop = boost::json::error::extra_data;
        return false;
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_string_part(piece, std::size_t, error_code&) { return true; }
    bool on_string(piece, std::size_t, error_code&) { return true; }
    bool on_number_part(piece, error_code&) { return true; }
    bool on_int64(std::int64_t, piece, error_code&) { return true; }
    bool on_uint64(std::uint64_t, piece, error_code&) { return true; }
    bool on_double(double, piece, error_code&) { return true; }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(piece, error_code&) { return true; }
    bool on_comment(piece, error_code&) { return true; }

    std::optional<std::string> take_found() { return std::move(found_); }

private:
    std::vector<std::set<std::string>> open_;
    std::string name_;
    std::optional<std::string> found_;
};

}

std::optional<std::string> doubled_name(std::string_view json) {
    boost::json::basic_parser<name_watch> parser(strict_json);
    error_code stopped;
    parser.write_some(false, json.data(), json.size(), stopped);
    return parser.handler().take_found();
}

}
