#include "audit/line_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace allot {

line_reader::line_reader(chunk_source source) : source_(std::move(source)), buffer_(65'536) {}

std::string_view line_reader::first_block() {
    while (!ended_ && end_ != buffer_.size()) {
        auto const got = source_(std::span(buffer_).subspan(end_));
        ended_ = got == 0;
        end_ += got;
    }
    return {buffer_.data(), end_};
}

bool line_reader::fill() {
    begin_ = 0;
    end_ = ended_ ? 0 : source_(buffer_);
    ended_ = ended_ || end_ == 0;
    return end_ != 0;
}

std::optional<input_line> line_reader::next() {
    if (number_ == 0) {
        auto const block = first_block();
        if (block.starts_with("\xef\xbb\xbf"))
            begin_ = 3;
    }
    line_.clear();
    bool any = false;
    bool overlong = false;
    std::string_view text;
    bool found = false;
    while (!found) {
        if (begin_ == end_ && !fill())
            break;
        any = true;
        auto const* const from = buffer_.data() + begin_;
        auto const* const line_end = static_cast<char const*>(std::memchr(from, '\n', end_ - begin_));
        found = line_end != nullptr;
        auto const length = found ? static_cast<std::size_t>(line_end - from) : end_ - begin_;
        begin_ += length + (found ? 1 : 0);
        if (found && line_.empty() && !overlong) {
            text = {from, length};
            break;
        }
        // One byte more than allowed is kept: it may be the CR of the line's end.
        auto const room = max_length + 1 - line_.size();
        overlong = overlong || length > room;
        line_.append(from, std::min(length, room));
        text = line_;
    }
    if (!any)
        return std::nullopt;
    if (!overlong && found && text.ends_with('\r'))
        text.remove_suffix(1);
    if (text.size() > max_length) {
        overlong = true;
        text = text.substr(0, max_length);
    }
    return input_line{++number_, text, overlong};
}

}
