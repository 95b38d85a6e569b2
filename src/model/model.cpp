#include <allot/model.hpp>

namespace allot {

// Out of line: the types name each other, so a defaulted comparison needs both complete.
bool operator==(allotment const&, allotment const&) = default;
bool operator==(assignment const&, assignment const&) = default;

}
