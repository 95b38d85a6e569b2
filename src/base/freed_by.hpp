#pragma once

namespace allot {

/// Deleter for a std::unique_ptr to what a C library's function frees: `freed_by<BIO_free>`.
template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* value) const noexcept {
        Free(value);
    }
};

}
