#pragma once

#include <allot/observer.hpp>

#include <memory>

namespace allot {

/// One observer that tells both, `first` first; the other one where one is null.
std::shared_ptr<observer> both(std::shared_ptr<observer> first, std::shared_ptr<observer> second);

}
