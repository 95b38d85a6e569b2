#include "audit/export.hpp"
#include "audit/store/open.hpp"
#include "audit/store/stored_ledger.hpp"
#include "audit/text.hpp"
#include "base/sha256.hpp"
#include "cli/audit_options.hpp"
#include "cli/audit_session.hpp"
#include "cli/exit_code.hpp"
#include "cli/usage_error.hpp"

#include <memory>
#include <unistd.h>
#include <utility>
#include <variant>

namespace allot {
namespace {

std::string joined(std::vector<std::string> const& names) {
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

/// The options that the rows depend on.
std::map<std::string, std::string> telling_options(audit_options const& options) {
    std::map<std::string, std::string> out;
    out["graph-url"] = graph_url(options.client.connection);
    out["select"] = joined(options.client.select_and_expand.selected());
    out["expand"] = joined(options.client.select_and_expand.expanded());
    out["input-format"] = name_of(options.input);
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
    for (auto const& [name, value] : wanted) {
        auto const found = stored.find(name);
        auto const before = found == stored.end() ? std::string() : found->second;
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

class store_session {
public:
    explicit store_session(audit_options const& options) :
        options_(options),
        // Whatever is wrong with these shall not leave a store behind.
        client_(make_client_params(options.client, process_environment())),
        name_(terminal_safe(*options.store)),
        terminal_(options.client.seeing),
        store_(open_store(*options.store)) {}

    int run() {
        if (auto const warning = cloud_warning(options_.client.connection))
            terminal_.log(log_level::warning, *warning);
        auto const identity = store_->reader().identity();
        if (!identity || store_->reader().phase() == audit_phase::reading)
            read_input();
        else
            take_up(*identity);
        int const code = store_->reader().phase() == audit_phase::complete ? say_complete() : fetch_rows();
        if (store_->reader().phase() == audit_phase::complete)
            write_rows();
        return code;
    }

private:
    void read_input() {
        digested_file input(input_argument(options_));
        if (options_.output && input.file().is_same_file(*options_.output))
            throw usage_error("--output " + *options_.output + " is the input; give another file");
        if (input.file().is_same_file(*options_.store))
            throw usage_error("--store " + *options_.store + " is the input; give another file");
        store_->begin({input.file().name(), telling_options(options_)});
        std::uint64_t entries = 0;
        strict_check strict;
        read_entries(input.source(), input.file().name(), options_.input, [&](input_entry const& entry) {
            ++entries;
            if (auto const* const invalid = std::get_if<invalid_entry>(&entry))
                strict.add(*invalid);
            store_->add(entry);
        });
        if (options_.strict)
            strict.finish(input.file().name(), entries);
        store_->end_input(input.digest());
    }

    void take_up(audit_identity const& identity) {
        auto differing = differences(identity.options, telling_options(options_));
        if (options_.file) {
            digested_file input(*options_.file);
            auto const digest = input.read_to_digest();
            if (auto const before = store_->reader().input_digest(); before != digest)
                differing += (differing.empty() ? "" : "; ") + ("the input " + input.file().name()) +
                             " is another one than " + terminal_safe(identity.input_name) + " was (SHA-256 " +
                             digest.substr(0, 12) + "..., not " + before.substr(0, 12) + "...)";
        }
        if (!differing.empty())
            throw usage_error(
                "the store " + name_ + " belongs to another audit: " + differing +
                ". Give the store's own input and options, or another store");
        auto const counts = store_->reader().counts();
        if (counts.rows() < counts.inputs)
            terminal_.log(
                log_level::warning, "resuming " + name_ + ": " + with_separators(counts.rows()) + " of " +
                                        with_separators(counts.inputs) + " rows are done");
        else if (options_.retry_failed)
            retry_failed();
    }

    void retry_failed() {
        auto const again = store_->drop_error_rows();
        terminal_.log(
            log_level::warning,
            "retrying " + name_ + ": " + with_separators(again) + " rows that failed are asked again");
    }

    int say_complete() {
        auto const counts = store_->reader().counts();
        auto const errors = counts.error_rows();
        terminal_.log(
            log_level::warning,
            name_ + " is complete: " + with_separators(counts.rows()) + " rows" +
                (errors == 0
                     ? std::string()
                     : ", " + with_separators(errors) +
                           " of them errors; --retry-failed asks again for those that could be sent"));
        return errors == 0 ? exit_good : exit_error_rows;
    }

    int fetch_rows() {
        stored_ledger ledger(*store_, open_for_pending(*options_.store), name_, log_error_rows(terminal_));
        audit_job job;
        job.client = client_;
        job.select_and_expand = options_.client.select_and_expand;
        job.pace = batch_pace(options_.client.pace);
        return run_audit(std::move(job), ledger, false, terminal_).exit_code;
    }

    /// Rows are in the store; elsewhere they go when somebody asked, or reads a pipe.
    void write_rows() {
        if (!options_.output && ::isatty(STDOUT_FILENO) == 1)
            return;
        row_output output(options_.output.value_or("-"));
        export_rows(store_->reader(), options_.format, output);
    }

    audit_options const& options_;
    client_params client_;
    std::string name_;
    console terminal_;
    std::unique_ptr<audit_store> store_;
};

}

int audit_into_store(audit_options const& options) {
    return store_session(options).run();
}

}
