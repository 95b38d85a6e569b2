#pragma once

#include <string>

namespace allot {

/// A coordinate with at most two decimals, whatever the locale: "12.5", "100", "0.33".
std::string decimal(double value);

}
