#pragma once

#include <array>

namespace allot {

/// The environment variables that hold secrets of sources.
inline constexpr std::array<char const*, 5> secret_variables{
    "ALLOT_TOKEN",     "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "IDENTITY_HEADER", "MSI_SECRET",
};

}
