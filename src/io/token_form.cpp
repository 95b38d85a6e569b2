#include "io/token_form.hpp"

#include "base/redact.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <cstddef>

namespace allot {
namespace {

/// The encoded value of a field, or nothing.
std::string_view form_value(std::string_view form, std::string_view name) {
    while (!form.empty()) {
        auto const field = form.substr(0, form.find('&'));
        if (field.substr(0, name.size()) == name && field.substr(name.size()).starts_with('='))
            return field.substr(name.size() + 1);
        form.remove_prefix(field.size() == form.size() ? field.size() : field.size() + 1);
    }
    return {};
}

}

secret encode_form(std::vector<std::pair<std::string_view, std::string_view>> const& fields) {
    std::string out;
    // Room for all, so that no copy is left behind by growing.
    std::size_t most = 0;
    for (auto const& [name, value] : fields)
        most += 3 * (name.size() + value.size()) + 2;
    out.reserve(most);
    auto append = [&out](std::string_view text) {
        auto encoded = boost::urls::encode(text, boost::urls::unreserved_chars);
        out += encoded;
        wipe(encoded);
    };
    for (auto const& [name, value] : fields) {
        if (!out.empty())
            out += '&';
        append(name);
        out += '=';
        append(value);
    }
    return secret(std::move(out));
}

void redact_proof(token_error& said, std::string_view form) {
    for (auto const name : {std::string_view("client_secret"), std::string_view("client_assertion")}) {
        auto const encoded = form_value(form, name);
        auto const decoded = boost::urls::make_pct_string_view(encoded);
        secret const plain(decoded ? decoded->decode() : std::string());
        for (auto* const text :
             {&said.error, &said.description, &said.trace_id, &said.correlation_id, &said.timestamp}) {
            redact(*text, plain.reveal());
            redact(*text, encoded);
        }
    }
}

}
