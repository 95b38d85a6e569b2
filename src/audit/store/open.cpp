#include "audit/store/open.hpp"

#include "audit/store/sqlite_database.hpp"
#include "audit/store/sqlite_reader.hpp"
#include "audit/store/sqlite_schema.hpp"
#include "audit/store/sqlite_store.hpp"
#include "audit/store/store_error.hpp"
#include "audit/text.hpp"

#include <memory>
#include <sys/stat.h>
#include <utility>

namespace allot {

std::unique_ptr<audit_store> open_store(std::string const& path) {
    return std::make_unique<sqlite_store>(path);
}

std::unique_ptr<audit_reader> open_stored_audit(std::string const& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        throw store_error(
            "the store " + terminal_safe(path) + ": there is no such file; `allot audit --store` makes one");
    auto database = std::make_shared<sqlite_database>(path, sqlite_database::access::read);
    database->execute("BEGIN");
    check_version(*database);
    if (database->number("PRAGMA user_version") == 0)
        throw store_error("the store " + terminal_safe(path) + ": no audit was begun in it");
    return std::make_unique<sqlite_reader>(std::move(database));
}

std::unique_ptr<audit_reader> open_for_pending(std::string const& path) {
    return std::make_unique<sqlite_reader>(
        std::make_shared<sqlite_database>(path, sqlite_database::access::read));
}

}
