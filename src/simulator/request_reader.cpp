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

/// Beast's parser with the request as its target.
class message_parser final : public http::basic_parser<true> {
public:
    explicit message_parser(request& out) : out_(out) {
        out = request();
        header_limit(head_limit);
        basic_parser::body_limit(simulation::body_limit);
        eager(true);
    }

private:
    void on_request_impl(http::verb, string_view method, string_view target, int, error_code&) override {
        out_.method.assign(method.data(), method.size());
        out_.target.assign(target.data(), target.size());
    }
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
        out_.fields.push_back(
            {std::string(name.data(), name.size()), std::string(value.data(), value.size())});
    }
    void on_header_impl(error_code&) override {}
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
};

}

struct request_reader::parser {
    void begin() { beast.emplace(message); }

    request message;
    std::optional<message_parser> beast;
};

request_reader::request_reader() : parser_(std::make_unique<parser>()) {}

request_reader::~request_reader() = default;

request_reader::state request_reader::next() {
    if (!begun_) {
        parser_->begin();
        begun_ = true;
    }
    auto& beast = *parser_->beast;
    while (!bytes_.empty() && !beast.is_done()) {
        error_code error;
        auto const used = beast.put(boost::asio::buffer(bytes_), error);
        bytes_.erase(0, used);
        if (error == http::error::need_more)
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

request const& request_reader::current() const noexcept {
    return parser_->message;
}

}
