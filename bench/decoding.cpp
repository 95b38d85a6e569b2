// What decoding an allotment costs, apart from getting it.
// usage: bench_decoding CONTENDER COUNT ANSWER_FILE; prints nanoseconds of CPU for one, as JSON. Under
// callgrind with --toggle-collect=decode_all it collects COUNT of them and nothing else.
#include "cpu_time.hpp"
#include "decoding_contenders/contenders.hpp"
#include "json/decode.hpp"

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" [[gnu::noinline]] void
decode_all(bench::decoder& contender, std::string_view body, std::uint64_t count) {
    for (; count != 0; --count)
        contender.decode(body);
}

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: bench_decoding CONTENDER COUNT ANSWER_FILE\n";
        return 2;
    }
    auto const contender = bench::make_decoder(argv[1]);
    if (!contender) {
        std::cerr << "bench_decoding: there is no " << argv[1] << " here\n";
        return 77;
    }
    auto const count = std::stoull(argv[2]);
    std::ifstream file(argv[3], std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(file), {});
    auto const size = bytes.size();
    bytes.append(bench::decoder::padding, '\0');
    auto const body = std::string_view(bytes).substr(0, size);

    allot::query const options;
    auto const expected = allot::allotment_decoder().decode_answer(body, options).value().value();
    for (auto left = count / 10 + 1; left != 0; --left) // warm-up
        contender->decode(body);
    if (!contender->as_expected(expected)) {
        std::cerr << "bench_decoding: " << argv[1] << " reads something else\n";
        return 1;
    }
    auto const before = cpu_seconds();
    decode_all(*contender, body, count);
    std::cout << "{\"ns\":" << (cpu_seconds() - before) / static_cast<double>(count) * 1e9 << "}\n";
}
