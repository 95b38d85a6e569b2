#pragma once

namespace allot {

/// Makes the process safe for secrets and for writing: no core dumps, memory closed to other processes of the
/// user; a closed pipe or a file-size limit is an error of the write instead of the end; the three standard
/// descriptors are open.
void harden_process() noexcept;

}
