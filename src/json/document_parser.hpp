#pragma once

#include <allot/error.hpp>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace allot {

/// Why a text is no document.
struct document_problem {
    error_code why;       ///< none when only a name is doubled
    std::size_t offset{}; ///< where the text ceases to be JSON
    bool doubled_name{};  ///< it is JSON, but `doubled_name` finds one
};

/// `boost::json::parser` for `strict_json`, but for objects that have a name twice: refused, because readers
/// differ in which of the two counts (RFC 8259 section 4), so that an answer could mean one thing here and
/// another to a gateway that checked it. Boost.JSON's parser keeps the last one and says nothing.
/// Keeps its memory from document to document.
/// Thread safety: distinct objects: safe; shared: unsafe.
class document_parser {
public:
    /// `temporary` is for what is not complete yet.
    explicit document_parser(boost::json::storage_ptr temporary = {});
    document_parser(document_parser&&) noexcept;
    document_parser& operator=(document_parser&&) noexcept;
    ~document_parser();

    /// Lifetimes: `tree`, and through it the value, until the next call or the end of the parser.
    boost::system::result<boost::json::value, document_problem>
    parse(std::string_view text, boost::json::storage_ptr tree = {});

private:
    class handler;
    struct state;
    std::unique_ptr<state> state_;
};

/// The tree of one document; nothing when there is a problem.
std::optional<boost::json::value> parse_document(std::string_view text);

}
