#include "audit/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace allot {

std::size_t latency_histogram::bucket_of(std::uint64_t microseconds) noexcept {
    if (microseconds < (1U << resolution_bits))
        return microseconds;
    // The leading bits behind the highest one choose the bucket within the doubling.
    auto const shift = static_cast<unsigned>(std::bit_width(microseconds)) - 1 - resolution_bits;
    auto const offset = (microseconds >> shift) - (1U << resolution_bits);
    return ((std::size_t{shift} + 1) << resolution_bits) + offset;
}

std::uint64_t latency_histogram::top_of(std::size_t bucket) noexcept {
    if (bucket < (1U << resolution_bits))
        return bucket;
    auto const shift = (bucket >> resolution_bits) - 1;
    auto const offset = bucket & ((1U << resolution_bits) - 1);
    return (((1U << resolution_bits) + std::uint64_t{offset} + 1) << shift) - 1;
}

void latency_histogram::add(std::chrono::nanoseconds value, std::uint64_t times) noexcept {
    auto const microseconds = std::chrono::duration_cast<std::chrono::microseconds>(value).count();
    auto const bucket = bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0)));
    buckets_[std::min(bucket, buckets_.size() - 1)] += times;
    count_ += times;
}

std::chrono::microseconds latency_histogram::quantile(double fraction) const noexcept {
    if (count_ == 0)
        return {};
    auto const wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    std::size_t bucket = 0;
    for (; bucket != buckets_.size() - 1; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= std::max<std::uint64_t>(wanted, 1))
            break;
    }
    return std::chrono::microseconds(top_of(bucket));
}

}
