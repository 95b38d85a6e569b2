#include "audit/report/html_writer.hpp"

#include "audit/report/page_text.hpp"
#include "audit/text.hpp"

namespace allot {

html_writer& html_writer::text(std::string_view words) {
    append_html(out_, words);
    return *this;
}

html_writer& html_writer::foreign(std::string_view words) {
    out_ += "<bdi>";
    append_html(out_, words);
    out_ += "</bdi>";
    return *this;
}

html_writer& html_writer::number(std::uint64_t value) {
    out_ += with_separators(value);
    return *this;
}

}
