#include "cli/secret_file_check.hpp"

#include "audit/shell_word.hpp"
#include "audit/text.hpp"
#include "cli/secret_option.hpp"
#include "io/credentials/choose_source.hpp"

#include <cstdio>
#include <sys/stat.h>
#include <variant>

namespace allot {
namespace {

char const* what_others_can(bool read, bool write) {
    if (!write)
        return "read the secret";
    return read ? "read the secret and put another in its place" : "put another secret in its place";
}

}

std::optional<std::string>
open_mode_warning(std::string const& named, std::string const& file, file_guard guard) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
        return std::nullopt;
    bool const read = guard == file_guard::read_or_write && (found.st_mode & (S_IRGRP | S_IROTH)) != 0;
    bool const write = (found.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    if (!read && !write)
        return std::nullopt;
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(found.st_mode & 07777U));
    auto const word = shell_word(file);
    return named + ' ' + terminal_safe(file) + " has mode " + mode +
           ", so that other users of this machine can " + what_others_can(read, write) +
           "; close it: chmod " + (guard == file_guard::write ? "go-w " : "600 ") +
           (word.empty() ? "FILE" : word);
}

std::vector<std::string>
secret_file_warnings(credential_options const& options, credential_settings const& settings) {
    std::vector<std::string> out;
    auto const check =
        [&out](char const* named, std::string const& file, file_guard guard = file_guard::read_or_write) {
            if (auto warning = open_mode_warning(named, file, guard))
                out.push_back(std::move(*warning));
        };
    auto const check_option = [&check](char const* option, std::optional<std::string> const& value) {
        if (value && !is_descriptor(*value))
            check(option, *value);
    };
    check_option("--client-secret-file", options.client_secret_file);
    check_option("--certificate-passphrase-file", options.certificate_passphrase_file);
    // Where there is no source, whoever makes it says why.
    auto const source = choose_source(settings);
    if (!source)
        return out;
    if (auto const* const token = std::get_if<token_file_source>(&*source))
        check("--token-file", token->path);
    if (auto const* const by = std::get_if<client_certificate_params>(&*source))
        check(options.certificate ? "--certificate" : "AZURE_CLIENT_CERTIFICATE_PATH", by->certificate_file);
    // Kubernetes projects tokens with mode 0644 into the pod, whose user cannot change that; nobody but the
    // pod sees the file. Whoever may write there decides whom the token names.
    if (auto const* const by = std::get_if<workload_identity_params>(&*source))
        check(
            options.federated_token_file ? "--federated-token-file" : "AZURE_FEDERATED_TOKEN_FILE",
            by->federated_token_file, file_guard::write);
    return out;
}

}
