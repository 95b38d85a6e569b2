#include "cli/store_argument.hpp"

#include "audit/row_output.hpp"
#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

#include <sys/stat.h>

namespace allot {
namespace {

bool is_same_file(std::string const& left, std::string const& right) {
    struct stat first {};
    struct stat second {};
    return ::stat(left.c_str(), &first) == 0 && ::stat(right.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

}

void add_store_argument(CLI::App& app, std::string const& name, std::string& target) {
    app.add_option(name, target, "store of an audit, as --store of allot audit made it")
        ->type_name("")
        ->required();
}

void refuse_store_as_output(std::string const& store, std::string const& output) {
    if (output == "-")
        return;
    for (auto const* const beside : {"", "-wal", "-shm", "-journal"})
        for (auto const& written : {output, partial_name(output)})
            if (is_same_file(store + beside, written))
                throw usage_error(
                    "--output " + output + " would overwrite the store " + store + "; give another file");
}

}
