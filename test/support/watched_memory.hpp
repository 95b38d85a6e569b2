#pragma once

#include <cstddef>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <string_view>

/// Replaces the allocation functions of a program by ones that count and look at what is given back. For one
/// source file of a program; not beside sanitizers, which replace them too.
namespace allot::test {

inline std::size_t allocations = 0;
/// Where it is not empty: whether memory that held it was given back is noted.
inline std::string_view marker;
inline bool marker_freed = false;

inline void* allocate(std::size_t size, std::size_t align) noexcept {
    ++allocations;
    return std::aligned_alloc(align, (size + align - 1) / align * align);
}

inline void* allocate_or_throw(std::size_t size, std::size_t align) {
    auto* const memory = allocate(size, align);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

inline void release(void* memory) noexcept {
    if (memory != nullptr && !marker.empty()) {
        std::string_view const block(static_cast<char const*>(memory), malloc_usable_size(memory));
        marker_freed = marker_freed || block.find(marker) != block.npos;
    }
    std::free(memory);
}

template <class F>
std::size_t allocations_of(F const& work) {
    auto const before = allocations;
    work();
    return allocations - before;
}

}

void* operator new(std::size_t size) {
    return allot::test::allocate_or_throw(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t align) {
    return allot::test::allocate_or_throw(size, std::size_t(align));
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    return allot::test::allocate(size, alignof(std::max_align_t));
}
void operator delete(void* memory) noexcept {
    allot::test::release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    allot::test::release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    allot::test::release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    allot::test::release(memory);
}
void operator delete(void* memory, std::nothrow_t const&) noexcept {
    allot::test::release(memory);
}
