#include "audit/export.hpp"
#include "audit/store/open.hpp"
#include "audit/store/stored_ledger.hpp"
#include "audit/text.hpp"
#include "base/sha256.hpp"
#include "cli/audit_options.hpp"
#include "cli/audit_session.hpp"
#include "cli/duration.hpp"
#include "cli/exit_code.hpp"
#include "cli/metrics_server.hpp"
#include "cli/shown_input.hpp"
#include "cli/store_argument.hpp"
#include "cli/usage_error.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <variant>

namespace allot {
namespace {

constexpr std::uint64_t entries_per_commit = 20'000;

std::string joined(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    std::string out;
    for (auto const& name : names)
        out += (out.empty() ? "" : ",") + name;
    return out;
}

char const* name_of(input_format format) {
    switch (format) {
    case input_format::automatic:
        return "auto";
    case input_format::lines:
        return "lines";
    case input_format::csv:
        return "csv";
    case input_format::ndjson:
        return "ndjson";
    }
    return "unknown";
}

std::string whose(list_scope const& scope) {
    if (scope.scope() == assignment_scope::admin)
        return "the tenant";
    return std::string(to_string(scope.scope())) + ' ' + scope.principal_id();
}

/// The options that the rows depend on.
std::map<std::string, std::string> telling_options(audit_options const& options) {
    std::map<std::string, std::string> out;
    out["graph-url"] = graph_url(options.client.connection);
    out["select"] = joined(options.client.select_and_expand.selected());
    out["expand"] = joined(options.client.select_and_expand.expanded());
    out["input-format"] = name_of(options.input);
    if (options.all)
        out["all"] = whose(*options.all);
    auto const tenant = options.client.credential.tenant;
    out["tenant"] = tenant ? *tenant : process_environment()("AZURE_TENANT_ID").value_or("");
    return out;
}

std::string quoted(std::string const& value) {
    return value.empty() ? "nothing" : '"' + terminal_safe(value) + '"';
}

/// A sentence for each option that differs; empty when the store is for this command.
std::string differences(
    std::map<std::string, std::string> const& stored, std::map<std::string, std::string> const& wanted) {
    std::string out;
    auto names = stored;
    names.insert(wanted.begin(), wanted.end());
    auto const value_of = [](auto const& options, std::string const& name) {
        auto const found = options.find(name);
        return found == options.end() ? std::string() : found->second;
    };
    for (auto const& [name, any] : names) {
        auto const before = value_of(stored, name);
        auto const value = value_of(wanted, name);
        // A token alone does not say of which tenant it is.
        if (before == value || (name == "tenant" && (before.empty() || value.empty())))
            continue;
        out += (out.empty() ? "" : "; ") + ("--" + name) + " was " + quoted(before) + " and is now " +
               quoted(value);
    }
    return out;
}

/// Reads a file and takes its digest on the way.
class digested_file {
public:
    explicit digested_file(std::string const& path) : file_(path), source_(file_.source()) {}

    input_file const& file() const { return file_; }

    chunk_source source() {
        return [this](std::span<char> space) {
            auto const got = source_(space);
            hasher_.update({space.data(), got});
            return got;
        };
    }

    std::string digest() { return to_hex(hasher_.finish()); }

    /// Of the rest of the file.
    std::string read_to_digest() {
        std::string block(65'536, '\0');
        auto const read = source();
        while (read(block) != 0) {
        }
        return digest();
    }

private:
    input_file file_;
    chunk_source source_;
    sha256_hasher hasher_;
};

bool is_same_file(std::string const& one, std::string const& other) {
    std::error_code unknown;
    if (std::filesystem::equivalent(one, other, unknown))
        return true;
    auto const name = std::filesystem::weakly_canonical(one, unknown);
    return !name.empty() && name == std::filesystem::weakly_canonical(other, unknown);
}

/// Before the store is opened: an empty file of another purpose would become one.
void spare_store(audit_options const& options) {
    auto const& store = *options.store;
    auto const output = options.output.value_or("-");
    if (output != "-" && (is_same_file(output, store) || is_same_file(output + ".partial", store)))
        throw usage_error("--output " + output + " would replace the store " + store + "; give another file");
    auto const input = options.file.value_or("-");
    if (input != "-" && is_same_file(input, store))
        throw usage_error("--store " + store + " is the input; give another file");
}

/// The input that is named, or that a new store needs.
std::unique_ptr<digested_file> open_input(audit_options const& options) {
    std::error_code unknown;
    bool const needed = !options.all && !std::filesystem::exists(*options.store, unknown);
    if (!options.file && !needed)
        return nullptr;
    return std::make_unique<digested_file>(input_argument(options));
}

class store_session {
public:
    explicit store_session(audit_options const& options) :
        options_(options),
        // Whatever is wrong with these shall not leave a store behind.
        input_(open_input(options)),
        terminal_(options.client.seeing),
        job_(make_audit_job(options, terminal_)),
        server_(serve_metrics(options.metrics_listen, job_.metrics, terminal_)),
        name_(terminal_safe(*options.store)),
        store_(open_store(*options.store)) {}

    int run() {
        if (options_.output)
            refuse_store_as_output(*options_.store, *options_.output);
        auto const identity = store_->reader().identity();
        bool const listing = identity && store_->reader().walk();
        if (!identity || (store_->reader().phase() == audit_phase::reading && !listing))
            begin();
        else
            take_up(*identity);
        if (store_->reader().phase() != audit_phase::complete && is_parked())
            return exit_parked;
        int const code = store_->reader().phase() == audit_phase::complete ? say_complete() : fetch_rows();
        if (store_->reader().phase() == audit_phase::complete)
            write_rows();
        return code;
    }

private:
    void begin() {
        if (!options_.all)
            return read_input();
        tell_strategy(options_, terminal_);
        store_->begin(
            {"the list of assignments of " + whose(*options_.all), telling_options(options_)},
            input_kind::list);
        store_->commit_input({});
    }

    void read_input() {
        if (!input_)
            input_ = std::make_unique<digested_file>(input_argument(options_));
        auto& input = *input_;
        spare_input(input.file());
        store_->begin({input.file().name(), telling_options(options_)}, input_kind::file);
        std::uint64_t entries = 0;
        strict_check strict;
        auto const keep = [&](input_entry const& entry) {
            if (auto const* const invalid = std::get_if<invalid_entry>(&entry))
                strict.add(*invalid);
            store_->add(entry);
            if (++entries % entries_per_commit == 0)
                store_->commit_input({});
        };
        read_shown_entries(input.file(), input.source(), options_.input, terminal_, rows_on_terminal(), keep);
        if (options_.strict)
            strict.finish(input.file().name(), entries);
        store_->end_input(input.digest());
    }

    /// Neither the rows nor the store may take the input's place.
    void spare_input(input_file const& input) const {
        if (options_.output && input.is_same_file(*options_.output))
            throw usage_error("--output " + *options_.output + " is the input; give another file");
        if (input.is_same_file(*options_.store))
            throw usage_error("--store " + *options_.store + " is the input; give another file");
    }

    void take_up(audit_identity const& identity) {
        auto wanted = telling_options(options_);
        // Without an input the store's own is meant.
        if (!options_.all && !options_.file)
            if (auto const all = identity.options.find("all"); all != identity.options.end())
                wanted.insert(*all);
        auto differing = differences(identity.options, wanted);
        if (options_.file) {
            auto& input = *input_;
            spare_input(input.file());
            auto const digest = input.read_to_digest();
            auto const before = store_->reader().input_digest();
            if (!before.empty() && before != digest)
                differing += (differing.empty() ? "" : "; ") + ("the input " + input.file().name()) +
                             " is another one than " + terminal_safe(identity.input_name) + " was (SHA-256 " +
                             digest.substr(0, 12) + "..., not " + before.substr(0, 12) + "...)";
        }
        if (!differing.empty())
            throw usage_error(
                "the store " + name_ + " belongs to another audit: " + differing +
                ". Give the store's own input and options, or another store");
        if (store_->reader().phase() == audit_phase::reading)
            return go_on_listing();
        auto const done = store_->reader().counts();
        if (done.rows() < done.inputs)
            terminal_.log(
                log_level::warning, "resuming " + name_ + ": " + with_separators(done.rows()) + " of " +
                                        with_separators(done.inputs) + " rows are done");
        if (options_.retry_failed)
            retry_failed();
    }

    void go_on_listing() {
        if (!job_.list)
            throw usage_error(
                "the store " + name_ +
                " does not have all assignments yet; give --all again to list the rest");
        store_->continue_list();
        auto const counts = store_->reader().counts();
        terminal_.log(
            log_level::warning,
            "resuming " + name_ + ": " + with_separators(counts.inputs) + " assignments are listed");
    }

    void retry_failed() {
        auto const again = store_->drop_error_rows();
        terminal_.log(
            log_level::warning,
            "retrying " + name_ + ": " + with_separators(again) + " rows that failed are asked again");
    }

    /// Whether Graph asked the last run for a longer wait than this one may make. A shorter one is made.
    bool is_parked() {
        auto const runs = store_->reader().runs();
        if (runs.empty() || !runs.back().resume_at)
            return false;
        job_.not_before = *runs.back().resume_at;
        if (*job_.not_before - std::chrono::system_clock::now() <= job_.client.retry.max_wait)
            return false;
        terminal_.log(log_level::error, "parked: resume after " + utc_text(*job_.not_before));
        return true;
    }

    int say_complete() {
        auto const counts = store_->reader().counts();
        auto const errors = counts.error_rows();
        auto text = name_ + " is complete: " + with_separators(counts.rows()) + " rows";
        if (errors != 0)
            text += ", " + with_separators(errors) + " of them errors";
        if (errors != counts.of(audit_outcome::invalid_input))
            text += "; --retry-failed asks again for those that could be sent";
        terminal_.log(log_level::warning, text);
        return errors == 0 ? exit_good : exit_error_rows;
    }

    int fetch_rows() {
        stored_ledger ledger(*store_, open_for_pending(*options_.store), name_, watch_rows(job_, terminal_));
        return run_audit(std::move(job_), ledger, rows_on_terminal(), terminal_).exit_code;
    }

    bool rows_on_terminal() const { return options_.output == "-" && ::isatty(STDOUT_FILENO) == 1; }

    /// Rows are in the store; elsewhere they go when somebody asked, or reads a pipe.
    void write_rows() {
        if (!options_.output && ::isatty(STDOUT_FILENO) == 1)
            return;
        row_output output(options_.output.value_or("-"));
        export_rows(store_->reader(), options_.format, output);
    }

    audit_options const& options_;
    std::unique_ptr<digested_file> input_;
    console terminal_;
    audit_job job_;
    std::unique_ptr<metrics_server> server_;
    std::string name_;
    std::unique_ptr<audit_store> store_;
};

}

int audit_into_store(audit_options const& options) {
    spare_store(options);
    return store_session(options).run();
}

}
