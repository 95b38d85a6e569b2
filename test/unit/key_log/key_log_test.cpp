// Compiled twice: with ALLOT_TLS_KEY_LOG, and without as in a build for users.
#include "io/tls_context.hpp"
#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <filesystem>
#include <stdlib.h>

namespace {

struct key_log_variable {
    key_log_variable() { ::setenv("SSLKEYLOGFILE", (folder.path() / "keys").c_str(), 1); }
    ~key_log_variable() { ::unsetenv("SSLKEYLOGFILE"); }
    allot::test::temporary_folder folder;
};

/// Before any other context: the variable is read once.
key_log_variable const set;

}

BOOST_AUTO_TEST_CASE(sslkeylogfile_is_honoured_only_in_test_builds) {
    auto const made = allot::tls_context::make_client("");
    BOOST_TEST_REQUIRE(made.has_value());
#ifdef ALLOT_TLS_KEY_LOG
    bool const expected = true;
#else
    bool const expected = false;
#endif
    BOOST_TEST((SSL_CTX_get_keylog_callback((*made)->native()) != nullptr) == expected);
}
