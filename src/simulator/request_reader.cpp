#include "simulator/request_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace allot::simulation {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

constexpr std::uint32_t head_limit = 64 * 1024;
constexpr std::uint64_t body_limit = 1024 * 1024;
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// RFC 9112 section 6.3: with another coding than "chunked" nobody knows where the body ends.
bool has_known_codings(request const& of) {
    auto const is_coding = [](field const& each) { return same_name(each.name, "Transfer-Encoding"); };
    auto const first = std::find_if(of.fields.begin(), of.fields.end(), is_coding);
    return first == of.fields.end() ||
           (same_name(first->value, "chunked") &&
            std::find_if(first + 1, of.fields.end(), is_coding) == of.fields.end());
}

/// Beast's parser with the request as its target.
class message_parser final : public http::basic_parser<true> {
public:
    explicit message_parser(request& out) : out_(out) {
        out = request();
        header_limit(head_limit);
        basic_parser::body_limit(simulation::body_limit);
        eager(true);
    }

    int version() const noexcept { return version_; }

    /// Beast's assertions want the last chunk's line and the end of the trailers together when it is called
    /// again between them. No chunk that is not whole ends with less.
    std::size_t least_to_go_on() const { return is_header_done() && chunked() ? last_chunk.size() : 1; }

private:
    void
    on_request_impl(http::verb, string_view method, string_view target, int version, error_code&) override {
        version_ = version;
        out_.method.assign(method.data(), method.size());
        out_.target.assign(target.data(), target.size());
    }
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
        // Trailers do not join the fields (RFC 9110 section 6.5.1).
        if (!is_header_done())
            out_.fields.push_back(
                {std::string(name.data(), name.size()), std::string(value.data(), value.size())});
    }
    void on_header_impl(error_code& error) override {
        if (!has_known_codings(out_))
            error = http::error::bad_transfer_encoding;
    }
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view part, error_code&) override { return add(part); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view part, error_code&) override {
        return add(part);
    }
    void on_finish_impl(error_code&) override {}

    std::size_t add(string_view part) {
        out_.body.append(part.data(), part.size());
        return part.size();
    }

    request& out_;
    int version_ = 0; ///< 11 for HTTP/1.1
};

}

struct request_reader::parser {
    void begin() {
        beast.emplace(message);
        told_to_continue = false;
    }

    request message;
    std::optional<message_parser> beast;
    bool told_to_continue = false;
};

request_reader::request_reader() : parser_(std::make_unique<parser>()) {}

request_reader::~request_reader() = default;

request_reader::state request_reader::next() {
    if (!begun_) {
        parser_->begin();
        begun_ = true;
    }
    auto& beast = *parser_->beast;
    while (bytes_.size() >= beast.least_to_go_on() && !beast.is_done()) {
        error_code error;
        auto const used = beast.put(boost::asio::buffer(bytes_), error);
        bytes_.erase(0, used);
        // Beast waits for the whole of a chunk's line and of the trailers, however long.
        if (error == http::error::need_more && bytes_.size() <= head_limit)
            break;
        if (error)
            return state::malformed;
    }
    if (!beast.is_done())
        return state::incomplete;
    begun_ = false;
    auto& message = parser_->message;
    message.keep_alive = beast.keep_alive();
    // RFC 9112 section 3.2: exactly one Host.
    auto const hosts = std::count_if(message.fields.begin(), message.fields.end(), [](field const& each) {
        return same_name(each.name, "Host");
    });
    return hosts == 1 ? state::complete : state::malformed;
}

bool request_reader::take_continue() noexcept {
    auto& beast = parser_->beast;
    if (!begun_ || parser_->told_to_continue || !beast->is_header_done() || !bytes_.empty())
        return false;
    parser_->told_to_continue = true;
    auto const& message = parser_->message;
    return beast->version() >= 11 && message.body.empty() &&
           same_name(message.find("Expect").value_or(""), "100-continue");
}

request const& request_reader::current() const noexcept {
    return parser_->message;
}

}
