#include "audit/input.hpp"

#include "audit/csv_record.hpp"
#include "audit/reference_check.hpp"
#include "audit/text.hpp"
#include "json/reference.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t shown_id = 256; // as long as a good id may be
constexpr char const* expected =
    "; expected is one assignment per line: ASSIGNMENT_ID, users/USER_ID/ASSIGNMENT_ID "
    "or groups/GROUP_ID/ASSIGNMENT_ID, or the same as CSV or NDJSON";

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    return out;
}

std::string printable(std::string_view text) {
    return shorten(to_valid_utf8(text), shown_id);
}

/// What makes a line unusable before anything is looked for in it.
std::optional<std::string> line_problem(input_line const& line) {
    if (line.overlong)
        return "is longer than " + std::to_string(line_reader::max_length) + " bytes";
    if (auto const nul = line.text.find('\0'); nul != std::string_view::npos)
        return "holds a NUL character at byte " + std::to_string(nul);
    if (auto const valid = valid_utf8_prefix(line.text); valid != line.text.size())
        return "is not UTF-8 at byte " + std::to_string(valid);
    return std::nullopt;
}

void check_block(std::string_view block, std::string const& name) {
    if (block.starts_with("\xff\xfe") || block.starts_with("\xfe\xff"))
        throw input_error(name + " is UTF-16; save it as UTF-8");
    // A character may be cut at the end of the block.
    bool const utf8 = valid_utf8_prefix(block) + 3 >= block.size();
    if (!utf8 && block.find('\0') != std::string_view::npos)
        throw input_error(name + " is a binary file" + expected);
}

input_format detect(std::string_view block, std::string const& name) {
    auto const ending = lower(name.substr(name.rfind('.') + 1));
    if (ending == "csv")
        return input_format::csv;
    if (ending == "ndjson" || ending == "jsonl")
        return input_format::ndjson;
    if (block.starts_with("\xef\xbb\xbf"))
        block.remove_prefix(3);
    while (!block.empty()) {
        auto const line = trimmed(block.substr(0, block.find_first_of("\r\n")));
        block.remove_prefix(std::min(
            block.size(), block.find('\n') == std::string_view::npos ? block.size() : block.find('\n') + 1));
        if (line.empty() || line.front() == '#')
            continue;
        if (line.front() == '{')
            return input_format::ndjson;
        csv_record record;
        if (record.add_line(line) == csv_record::status::complete)
            for (auto const& field : record.fields())
                if (lower(trimmed(field)) == "assignmentid")
                    return input_format::csv;
        return input_format::lines;
    }
    return input_format::lines;
}

/// Gives entries on, under their positions.
class collector {
public:
    explicit collector(std::function<void(input_entry)> const& use) : use_(use) {}

    void add(checked_reference entry, std::uint64_t line) {
        if (auto* const reference = std::get_if<assignment_ref>(&entry)) {
            ++count_;
            use_(std::move(*reference));
        } else {
            refuse(std::get<broken_reference>(std::move(entry)), line);
        }
    }

    void refuse_line(input_line const& line, std::string const& problem) {
        add_invalid({}, printable(line.text), assignment_scope::admin, line.number, "the line " + problem);
    }

    void refuse(broken_reference entry, std::uint64_t line) {
        add_invalid(
            printable(entry.principal_id), printable(entry.assignment_id), entry.scope, line, entry.problem);
    }

    std::uint64_t count() const noexcept { return count_; }

private:
    void add_invalid(
        std::string principal_id, std::string id, assignment_scope scope, std::uint64_t line,
        std::string const& problem) {
        invalid_entry entry;
        entry.position = ++count_;
        entry.line = line;
        entry.scope = scope;
        entry.principal_id = std::move(principal_id);
        entry.assignment_id = std::move(id);
        entry.problem = "line " + std::to_string(line) + ": " + to_valid_utf8(problem);
        use_(std::move(entry));
    }

    std::function<void(input_entry)> const& use_;
    std::uint64_t count_ = 0;
};

void read_lines(line_reader& reader, collector& entries) {
    while (auto const line = reader.next()) {
        auto const text = trimmed(line->text);
        if (text.empty() || text.front() == '#')
            continue;
        if (auto const problem = line_problem(*line))
            entries.refuse_line(*line, *problem);
        else
            entries.add(check_reference(text), line->number);
    }
}

void read_ndjson(line_reader& reader, collector& entries) {
    while (auto const line = reader.next()) {
        if (trimmed(line->text).empty())
            continue;
        if (auto const problem = line_problem(*line)) {
            entries.refuse_line(*line, *problem);
            continue;
        }
        auto decoded = decode_reference(line->text);
        if (auto* const fields = std::get_if<reference_fields>(&decoded)) {
            entries.add(check_reference(std::move(*fields)), line->number);
        } else {
            broken_reference entry;
            entry.assignment_id = line->text;
            entry.problem = std::get<std::string>(std::move(decoded));
            entries.refuse(std::move(entry), line->number);
        }
    }
}

/// Where the header of a CSV input has each name; npos where it does not.
class csv_columns {
public:
    csv_columns(std::vector<std::string> const& header, std::string const& name) : count_(header.size()) {
        columns_.fill(npos);
        for (std::size_t column = 0; column != header.size(); ++column)
            for (std::size_t known = 0; known != names.size(); ++known) {
                if (lower(trimmed(header[column])) != lower(names[known]))
                    continue;
                if (columns_[known] != npos)
                    throw input_error(
                        name + ": the CSV header has the column " + names[known] + " more than once");
                columns_[known] = column;
            }
        if (columns_[0] == npos)
            throw input_error(
                name +
                ": the CSV header has no column assignmentId; expected are assignmentId and optionally "
                "userId and groupId, separated by commas");
    }

    std::size_t count() const noexcept { return count_; }

    reference_fields pick(std::vector<std::string> const& record) const {
        reference_fields fields;
        std::array<std::optional<std::string>*, 5> const targets{
            &fields.assignment_id, &fields.user_id, &fields.group_id, &fields.scope, &fields.principal_id};
        for (std::size_t known = 0; known != targets.size(); ++known)
            if (columns_[known] != npos && !record[columns_[known]].empty())
                *targets[known] = record[columns_[known]];
        return fields;
    }

private:
    static constexpr auto npos = static_cast<std::size_t>(-1);
    static constexpr std::array<char const*, 5> names{
        "assignmentId", "userId", "groupId", "scope", "principalId"};

    std::array<std::size_t, 5> columns_{};
    std::size_t count_;
};

/// Calls `use(record, line it begins in)` for each record and `refuse(line it begins in, its line, problem)`
/// for each that is malformed.
template <class Use, class Refuse>
void for_each_record(line_reader& reader, Use use, Refuse refuse) {
    csv_record record;
    std::uint64_t first = 0;
    bool open = false;
    while (auto line = reader.next()) {
        if (!open) {
            first = line->number;
            if (trimmed(line->text).empty())
                continue;
        }
        if (auto const problem = line_problem(*line)) {
            record = {};
            open = false;
            refuse(first, line->text, "the line " + *problem);
            continue;
        }
        auto const status = record.add_line(line->text);
        open = status == csv_record::status::open;
        if (status == csv_record::status::complete)
            use(record.fields(), first, line->text);
        else if (status == csv_record::status::malformed)
            refuse(first, line->text, record.problem());
    }
    if (open)
        refuse(first, {}, "a quotation mark is left open until the end of the input");
}

void read_csv(line_reader& reader, collector& entries, std::string const& name) {
    std::optional<csv_columns> columns;
    auto const refuse = [&](std::uint64_t number, std::string_view text, std::string const& problem) {
        if (!columns)
            throw input_error(
                name + ", line " + std::to_string(number) + ": the CSV header is unusable: " + problem);
        broken_reference entry;
        entry.assignment_id = text;
        entry.problem = problem;
        entries.refuse(std::move(entry), number);
    };
    auto const use = [&](std::vector<std::string> const& record, std::uint64_t number,
                         std::string_view text) {
        if (!columns)
            columns.emplace(record, name);
        else if (record.size() != columns->count())
            refuse(
                number, text,
                "the record has " + std::to_string(record.size()) + " fields, the header " +
                    std::to_string(columns->count()));
        else
            entries.add(check_reference(columns->pick(record)), number);
    };
    for_each_record(reader, use, refuse);
}

}

void read_entries(
    chunk_source source, std::string const& name, input_format format,
    std::function<void(input_entry)> const& use) {
    line_reader reader(std::move(source));
    auto const block = reader.first_block();
    check_block(block, name);
    if (format == input_format::automatic)
        format = detect(block, name);
    collector entries(use);
    switch (format) {
    case input_format::csv:
        read_csv(reader, entries, name);
        break;
    case input_format::ndjson:
        read_ndjson(reader, entries);
        break;
    case input_format::automatic:
    case input_format::lines:
        read_lines(reader, entries);
        break;
    }
    if (entries.count() == 0)
        throw input_error(name + (block.empty() ? " is empty" : " holds no assignment") + expected);
}

}
