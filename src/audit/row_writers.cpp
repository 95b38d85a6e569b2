#include "audit/row_writers.hpp"

#include "audit/text.hpp"

namespace allot {
namespace {

constexpr std::string_view line_end = "\r\n";

class ndjson_writer final : public result_sink {
public:
    explicit ndjson_writer(row_output& output) noexcept : output_(output) {}

    void write(audit_row const& row) override {
        text_.clear();
        append_ndjson(text_, row);
        output_.append(text_);
    }

    bool has_room() override { return output_.has_room(); }

private:
    row_output& output_;
    std::string text_;
};

class csv_writer final : public result_sink {
public:
    explicit csv_writer(row_output& output) : output_(output) { output_.append(csv_header()); }

    void write(audit_row const& row) override {
        text_.clear();
        append_csv(text_, row);
        if (output_.is_terminal()) {
            text_.resize(text_.size() - line_end.size());
            text_ = terminal_safe(text_).append(line_end);
        }
        output_.append(text_);
    }

    bool has_room() override { return output_.has_room(); }

private:
    row_output& output_;
    std::string text_;
};

}

std::unique_ptr<result_sink> make_row_writer(row_format format, row_output& output) {
    if (format == row_format::csv)
        return std::make_unique<csv_writer>(output);
    return std::make_unique<ndjson_writer>(output);
}

}
