#include "protocol/next_link.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// Links put together from the pieces that parsers of URLs have disagreed about. None that is followed leads
// to another host, whoever reads it; read here once more, with nothing but searches in strings.
namespace {

using std::string;
using std::string_view;

string lower_case(string_view text) {
    string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

std::optional<string> percent_decoded(string_view text) {
    string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        if (at + 2 >= text.size())
            return std::nullopt;
        out += static_cast<char>(std::stoi(string(text.substr(at + 1, 2)), nullptr, 16));
        at += 2;
    }
    return out;
}

/// "HOST:PORT" of an https link, as the strictest reader would have it: nothing where readers may disagree.
std::optional<string> place(string_view link) {
    constexpr string_view scheme = "https://";
    if (lower_case(link.substr(0, scheme.size())) != scheme)
        return std::nullopt;
    auto const rest = link.substr(scheme.size());
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    if (link.find_first_of(string_view("\\\r\n\t \0", 6)) != link.npos ||
        authority.find('@') != authority.npos)
        return std::nullopt;
    auto const decoded = percent_decoded(authority);
    if (!decoded || decoded->find_first_of("/?#@\\") != decoded->npos)
        return std::nullopt;
    auto const colon = decoded->rfind(':');
    auto const has_port = colon != decoded->npos && decoded->find(']', colon) == decoded->npos;
    auto host = decoded->substr(0, has_port ? colon : decoded->npos);
    auto port = has_port ? decoded->substr(colon + 1) : "";
    port.erase(0, std::min(port.find_first_not_of('0'), port.size()));
    return lower_case(host) + ':' + (port.empty() ? "443" : port);
}

class generator {
public:
    explicit generator(unsigned seed) : random_(seed) {}

    string next(string const& good_host, string const& good_port) {
        static std::vector<string> const schemes{"https", "https",       "https",      "https",
                                                 "HTTPS", "http",        "ftp",        "httpss",
                                                 "",      "https:https", "javascript", "file"};
        static std::vector<string> const slashes{"://", "://",  "://",   "://", ":",
                                                 ":/",  ":///", ":\\\\", "//",  ":/\\"};
        static std::vector<string> const users{
            "",
            "",
            "",
            "",
            "@",
            "me@",
            "me:pw@",
            "graph.microsoft.com@",
            "graph.microsoft.com:443@",
            "evil.example\\@",
            "%40",
            "evil.example#@",
            "evil.example?@",
            "evil.example/@",
            "evil.example%2f@"};
        std::vector<string> const hosts{
            good_host,
            good_host,
            good_host,
            "evil.example",
            good_host + ".evil.example",
            "evil" + good_host,
            good_host + ".",
            good_host + "%2eevil.example",
            good_host + "%00.evil.example",
            "127.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0x7f000001",
            "2130706433",
            "graph%2Emicrosoft%2Ecom",
            "\xc4\xa1raph.microsoft.com",
            "xn--raph-qra.microsoft.com",
            "graph\xe3\x80\x82microsoft\xe3\x80\x82"
            "com",
            "",
            "localhost",
            good_host + ",evil.example",
            good_host + ";evil.example",
            good_host + "\tevil.example",
            "*"};
        std::vector<string> const ports{
            "",      "",         "",          ":" + good_port, ":0" + good_port, ":",
            ":444",  ":80",      ":0",        ":65979",        ":4294967739",    ":-1",
            ":443a", ":443:443", ":%34%34%33"};
        static std::vector<string> const paths{
            "/beta/x",
            "/beta/x?$skiptoken=1",
            "",
            "?a=b",
            "//evil.example/x",
            "/../../x",
            "/./x",
            "/%2e%2e/x",
            "/\\evil.example",
            "\\evil.example",
            "/x#y",
            "#@evil.example/",
            "/x\r\nHost: evil.example",
            "/@evil.example",
            "/https://evil.example/",
            "?@evil.example/",
            "/%zz",
            "/ HTTP/1.1\r\n\r\nGET /"};
        auto link = pick(schemes) + pick(slashes) + pick(users) + pick(hosts) + pick(ports) + pick(paths);
        if (random_() % 16 == 0)
            link.insert(random_() % (link.size() + 1), 1, "@\\/:#?%.[] \t\r\n"[random_() % 14]);
        return link;
    }

private:
    /// The first one, which is good, for half of the time.
    string const& pick(std::vector<string> const& from) {
        return random_() % 2 == 0 ? from.front() : from[random_() % from.size()];
    }

    std::mt19937 random_;
};

void try_links(string const& url, string const& host, string const& port, unsigned seed) {
    auto const where = allot::parse_graph_url(url).value();
    generator links(seed);
    int followed = 0;
    for (int run = 0; run != 200'000; ++run) {
        auto const link = links.next(host, port);
        auto const target = allot::next_link_target(link, where);
        if (!target)
            continue;
        ++followed;
        auto const read = place(link);
        BOOST_REQUIRE_MESSAGE((read && *read == host + ':' + port), link << " is followed as " << *target);
        // What is sent is one line of printable characters, that begins as a path.
        BOOST_REQUIRE(target->starts_with('/'));
        BOOST_REQUIRE(
            std::all_of(target->begin(), target->end(), [](char c) { return c > ' ' && c <= '~'; }));
    }
    BOOST_TEST(followed > 1'000);
    BOOST_TEST(followed < 50'000);
}

}

BOOST_AUTO_TEST_SUITE(next_link_hosts)

BOOST_AUTO_TEST_CASE(row_16_no_link_leads_elsewhere) {
    try_links("https://graph.microsoft.com", "graph.microsoft.com", "443", 16);
    try_links("https://localhost:8443/gateway", "localhost", "8443", 61);
}

BOOST_AUTO_TEST_SUITE_END()
