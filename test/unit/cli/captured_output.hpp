#pragma once

#include "unit/audit/scratch_folder.hpp"

#include <fcntl.h>
#include <iostream>
#include <string>
#include <unistd.h>

namespace allot::test {

/// Takes what the process writes to a descriptor while it lives.
class captured_output {
public:
    explicit captured_output(int descriptor) : descriptor_(descriptor), kept_(::dup(descriptor)) {
        std::cout.flush(); // what the test program itself has to say is not of the command
        int const file = ::open(path().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, descriptor_);
        ::close(file);
    }
    captured_output(captured_output const&) = delete;
    captured_output& operator=(captured_output const&) = delete;
    ~captured_output() {
        ::dup2(kept_, descriptor_);
        ::close(kept_);
    }

    std::string text() const { return text_of(path()); }

private:
    std::string path() const { return folder_ / "output"; }

    scratch_folder folder_;
    int descriptor_;
    int kept_;
};

}
