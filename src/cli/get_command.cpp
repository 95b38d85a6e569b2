#include "audit/row_output.hpp"
#include "cli/client_options.hpp"
#include "cli/clock_warning.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/failure_report.hpp"
#include "cli/interruption.hpp"
#include "cli/pretty_json.hpp"
#include "cli/secret_environment.hpp"
#include "cli/trace_environment.hpp"
#include "cli/usage_error.hpp"
#include "json/encode.hpp"

#include <allot/client.hpp>

#include <CLI/Option.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot {
namespace {

struct get_options {
    std::string assignment_id;
    std::optional<std::string> user_id;
    std::optional<std::string> group_id;
    client_options client;
};

assignment_ref reference_of(get_options const& options) {
    auto reference = options.user_id    ? assignment_ref::user(*options.user_id, options.assignment_id)
                     : options.group_id ? assignment_ref::group(*options.group_id, options.assignment_id)
                                        : assignment_ref::admin(options.assignment_id);
    if (auto const problem = reference.problem())
        throw usage_error(*problem);
    return reference;
}

result<allotment> fetch(get_options const& options, assignment_ref reference, console& terminal) {
    boost::asio::io_context context{1};
    auto const lookup = secret_environment();
    auto wanted = options.client.select_and_expand;
    take_trace(wanted, lookup, terminal);
    auto made = make_client(context.get_executor(), make_client_params(options.client, lookup, terminal));
    if (!made)
        throw usage_error(made.error().message);
    auto found = run_operation(context, made->get_allotment(std::move(reference), std::move(wanted)));
    if (auto const warning = clock_warning(made->stats().issuer_clock_offset))
        terminal.log(log_level::warning, *warning);
    return found;
}

void print(allotment const& value) {
    row_output output("-");
    std::string text;
    append_json(text, value);
    output.append((output.is_terminal() ? pretty_json(text) : text) + '\n');
    output.finish();
}

int get(get_options const& options) {
    auto const reference = reference_of(options);
    console terminal(options.client.seeing);
    auto const answer = fetch(options, reference, terminal);
    if (!answer)
        return report_failure(answer.error(), reference.scope(), terminal);
    print(*answer);
    return exit_good;
}

}

void add_get_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<get_options>();
    auto* const command = root.add_subcommand("get", "one allotment, as Graph's JSON");
    command->add_option("ASSIGNMENT_ID", options->assignment_id, "the assignment")->type_name("")->required();
    auto* const user =
        command->add_option("--user", options->user_id, "read it below this user (id or principal name)")
            ->type_name("ID");
    command->add_option("--group", options->group_id, "read it below this group")
        ->type_name("ID")
        ->excludes(user);
    add_client_options(*command, options->client);
    command->footer(client_help());
    command->callback([options, &run] { run = [options] { return get(*options); }; });
}

}
