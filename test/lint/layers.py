"""Holds the layers apart: which layer may include which own, public and third-party header, and who may know clocks."""

import re

import cpp_text
import lint

# What each layer may include of the others. Layers a room must not know are left out even where they are below it.
BELOW = {
    "base": set(),
    "model": {"base"},
    "json": {"base", "model"},
    "protocol": {"base", "model", "json"},
    "io": {"base", "model", "json", "protocol"},
    "client": {"base", "model", "json", "protocol", "io"},
    "audit": {"base", "model", "json", "client"},
    "cli": {"base", "model", "json", "io", "client", "audit", "simulator"},
    "simulator": {"base"},
}
LAYERS_ABOVE = {
    "base": set(BELOW),
    "model": set(BELOW) - {"base", "simulator"},
    "protocol": {"protocol", "io", "client", "audit", "cli"},
    "io": {"io", "client", "audit", "cli"},
    "client": {"client", "audit", "cli"},
}
# The lowest layer that may include a public header: the one that defines or first needs its types.
PUBLIC = {
    "error": "base",
    "failure": "base",
    "secret": "base",
    "model": "model",
    "assignment_ref": "model",
    "assignment_list": "model",
    "query": "model",
    "environment": "protocol",
    "proxy": "protocol",
    "transport": "protocol",
    "cloud": "protocol",
    "credential": "protocol",
    "credential_sources": "protocol",
    "credential_settings": "io",
    "observer": "protocol",
    "params": "protocol",
    "batch": "protocol",
    "assignment_pages": "protocol",
    "client": "client",
    "allot": "client",
}
PUBLIC_ORDER = ["base", "model", "protocol", "io", "client"]

# Asio that opens, reads or writes something; the rest of Asio starts, joins and cancels work.
ASIO_IO = (
    r"boost/asio/(ip|local|generic|posix|windows|ssl)/.*|boost/asio/basic_(?!waitable_timer|deadline_timer|signal_set).*"
    r"|boost/asio/(ssl|connect|connect_pipe|read\w*|write\w*|buffer|buffered_\w+|buffers_iterator|streambuf|completion_condition"
    r"|is_read_buffered|socket_base|serial_port\w*|file_base|\w+_file|\w+_pipe)\.hpp"
)
# Beast's messages, parser and serializer, without anything that reads or writes a stream.
BEAST_CODEC = (
    r"boost/beast/http/(?!read|write)\w+\.hpp"
    r"|boost/beast/core/(buffer_traits|buffers_\w+|error|flat_buffer|flat_static_buffer|multi_buffer|span|static_buffer"
    r"|string|string_type|make_printable|to_static_string)\.hpp"
)
# First match counts: (includes it is about, layers that may have it, why). `include` is the folder of public headers.
THIRD_PARTY = [
    (r"boost/asio\.hpp|boost/beast\.hpp|boost/beast/(core|http)\.hpp", set(), "include the headers that are used"),
    (r"boost/asio/(awaitable|any_io_executor)\.hpp", {"io", "client", "audit", "cli", "simulator", "include"}, None),
    (r"boost/asio/(buffer|error)\.hpp", {"protocol", "io", "simulator"}, "sockets belong to io"),
    (r"boost/asio/ip/address(_v4|_v6)?\.hpp", {"io", "cli", "simulator"}, "sockets belong to io"),
    (ASIO_IO, {"io", "simulator"}, "sockets belong to io"),
    (r"boost/asio/.*", {"io", "client", "audit", "cli", "simulator"}, "asynchronous work starts above protocol"),
    (BEAST_CODEC, {"protocol", "simulator"}, "HTTP belongs to protocol"),
    (r"boost/beast/.*", {"simulator"}, "Beast's streams are not for the client; protocol has its codec"),
    (r"openssl/evp\.h", {"base", "io", "simulator"}, "OpenSSL belongs to io; base has its digest"),
    (r"openssl/.*", {"io", "simulator"}, "OpenSSL belongs to io"),
    (r"boost/json(\.hpp|/.*)", {"json", "simulator", "cli"}, "JSON belongs to json"),
    (r"boost/url(\.hpp|/.*)", {"protocol", "io", "simulator"}, "URLs belong to protocol"),
    (r"zlib\.h", {"protocol", "simulator"}, "content codings belong to protocol"),
    (r"CLI/.*", {"cli"}, "options belong to cli"),
    (r"prometheus/.*|CivetServer\.h", {"cli"}, "metrics belong to cli"),
    (r"sqlite3\.h", {"audit"}, "SQL belongs to the store of audit"),
    (r"(sys/socket|netdb|arpa/inet|netinet/\w+|sys/epoll)\.h", {"io", "simulator"}, "sockets belong to io"),
    (
        r"thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token|pthread\.h",
        {"io", "client", "audit", "cli", "simulator"},
        "no threads below io",
    ),
    (r"random|boost/random.*", {"base", "io", "client", "audit", "cli", "simulator"}, "a draw is a value that is passed in"),
    (r"fstream|filesystem|iostream|cstdio|(unistd|fcntl|poll)\.h", {"base", "io", "audit", "cli", "simulator"}, "no files here"),
]

# Words that sans-io layers must not have.
SANS_IO = {"model", "json", "protocol"}
NOT_SANS_IO = re.compile(
    r"\b(\w+_clock\s*::\s*now|std\s*::\s*(jthread|thread|mutex|random_device|this_thread|async|getenv|time|rand)\b"
    r"|(?<![\w:.>])(getenv|gettimeofday|clock_gettime|getrandom)\s*\(|\bco_await\b|\bthread_local\b)"
)


def own_layer(path):
    """`src/<layer>/...` -> layer, `include/...` -> "include", else nothing."""
    if path.parts[0] == "src" and len(path.parts) > 2:
        return path.parts[1]
    return "include" if path.parts[0] == "include" else None


def check_own(layer, header):
    target = header.split("/")[0]
    if layer == "include":
        return "public headers include no private ones"
    if target not in BELOW:
        return f'"{header}" is not "layer/file.hpp" of a known layer'
    if target != layer and target not in BELOW[layer]:
        return f"{layer} must not include {target}"
    return None


def check_public(path, layer, header):
    name = header.removeprefix("allot/").removesuffix(".hpp")
    if name not in PUBLIC:
        return f"<{header}> is not in the table of public headers in test/lint/layers.py"
    lowest = PUBLIC[name]
    if layer == "include":
        own = PUBLIC.get(path.stem)
        if own is None:
            return f"{path.name} is not in the table of public headers in test/lint/layers.py"
        if PUBLIC_ORDER.index(lowest) > PUBLIC_ORDER.index(own):
            return f"{path.stem} belongs to {own}, {name} to {lowest}: arrows point down"
    elif layer not in LAYERS_ABOVE[lowest]:
        return f"{layer} must not include <{header}>, which belongs to {lowest}"
    return None


def check_third_party(layer, header):
    for pattern, layers, why in THIRD_PARTY:
        if re.fullmatch(pattern, header):
            return None if layer in layers else f"<{header}> is not for {layer}: {why or 'see test/lint/layers.py'}"
    return None


def check(path, text):
    layer = own_layer(path)
    if layer is None:
        return []
    if layer != "include" and layer not in BELOW:
        return [(1, f"src/{layer} is not a layer")]
    findings = []
    for line, name in cpp_text.includes(text):
        header = name[1:-1]
        if name[0] == '"':
            message = check_own(layer, header)
        elif header.startswith("allot/"):
            message = check_public(path, layer, header)
        else:
            message = check_third_party(layer, header)
        if message:
            findings.append((line, message))
    if layer in SANS_IO:
        code = cpp_text.blanked(text)
        for match in NOT_SANS_IO.finditer(code):
            findings.append((cpp_text.line_of(code, match.start()), f"{layer} is sans-io: no {match.group(0).strip('( ')}"))
    return sorted(findings)


SAMPLES = [
    # own layers
    ("src/protocol/a.cpp", '#include "protocol/a.hpp"\n#include "json/b.hpp"\n#include "base/c.hpp"', []),
    ("src/io/credentials/a.cpp", '#include "io/a.hpp"\n#include "protocol/b.hpp"', []),
    ("src/json/a.cpp", '#include "protocol/a.hpp"', [1]),
    ("src/base/a.cpp", '\n#include "model/a.hpp"', [2]),
    ("src/audit/a.cpp", '#include "io/a.hpp"\n#include "protocol/a.hpp"\n#include "client/a.hpp"', [1, 2]),
    ("src/simulator/a.cpp", '#include "base/a.hpp"\n#include "protocol/a.hpp"\n#include "json/a.hpp"', [2, 3]),
    ("src/cli/a.cpp", '#include "simulator/a.hpp"\n#include "audit/a.hpp"\n#include "protocol/a.hpp"', [3]),
    ("src/io/a.cpp", '#include "a.hpp"', [1]),
    ("src/other/a.cpp", "", [1]),
    ("include/allot/error.hpp", '#include "base/a.hpp"', [1]),
    # public headers
    ("src/protocol/a.cpp", "#include <allot/params.hpp>\n#include <allot/client.hpp>", [2]),
    ("src/model/a.cpp", "#include <allot/query.hpp>\n#include <allot/credential.hpp>", [2]),
    ("src/simulator/a.cpp", "#include <allot/secret.hpp>\n#include <allot/model.hpp>", [2]),
    ("src/audit/a.cpp", "#include <allot/allot.hpp>\n#include <allot/nothing.hpp>", [2]),
    ("include/allot/client.hpp", "#include <allot/batch.hpp>", []),
    ("include/allot/failure.hpp", "#include <allot/error.hpp>\n#include <allot/model.hpp>", [2]),
    # third parties
    ("src/io/a.cpp", "#include <boost/asio/ip/tcp.hpp>\n#include <openssl/ssl.h>\n#include <thread>", []),
    ("src/io/a.cpp", "#include <boost/asio.hpp>\n#include <boost/beast/http/message.hpp>\n#include <boost/json.hpp>", [1, 2, 3]),
    ("src/client/a.cpp", "#include <boost/asio/co_spawn.hpp>\n#include <boost/asio/ip/tcp.hpp>", [2]),
    ("src/client/a.cpp", "#include <boost/asio/basic_waitable_timer.hpp>\n#include <boost/asio/basic_stream_socket.hpp>", [2]),
    ("src/audit/a.cpp", "#include <boost/asio/awaitable.hpp>\n#include <boost/asio/read.hpp>\n#include <sys/socket.h>", [2, 3]),
    ("src/cli/a.cpp", "#include <boost/asio/signal_set.hpp>\n#include <CLI/CLI.hpp>\n#include <boost/beast/ssl.hpp>", [3]),
    ("src/audit/a.cpp", "#include <CLI/CLI.hpp>", [1]),
    ("src/protocol/a.cpp", "#include <boost/beast/http/basic_parser.hpp>\n#include <boost/asio/buffer.hpp>", []),
    ("src/protocol/a.cpp", "#include <boost/beast/http/read.hpp>\n#include <boost/beast/core/tcp_stream.hpp>", [1, 2]),
    ("src/protocol/a.cpp", "#include <boost/asio/steady_timer.hpp>\n#include <mutex>\n#include <random>", [1, 2, 3]),
    ("src/model/a.cpp", "#include <boost/json/value.hpp>\n#include <fstream>", [1, 2]),
    ("src/json/a.cpp", "#include <boost/json/value.hpp>\n#include <openssl/evp.h>", [2]),
    ("src/base/a.cpp", "#include <boost/asio/awaitable.hpp>", [1]),
    ("src/protocol/a.cpp", "#include <zlib.h>", []),
    ("src/io/a.cpp", "#include <zlib.h>", [1]),
    ("src/base/a.cpp", "#include <openssl/evp.h>\n#include <openssl/ssl.h>", [2]),
    ("src/audit/a.cpp", "#include <openssl/evp.h>", [1]),
    ("include/allot/client.hpp", "#include <boost/asio/awaitable.hpp>\n#include <boost/asio/strand.hpp>", [2]),
    ("include/allot/model.hpp", "#include <boost/json.hpp>\n#include <boost/describe/class.hpp>\n#include <openssl/ssl.h>", [1, 3]),
    # words
    ("src/protocol/a.cpp", "auto t = std::chrono::steady_clock::now();", [1]),
    ("src/protocol/a.cpp", "// steady_clock::now()\nauto s = \"std::mutex\"; std::chrono::steady_clock::time_point now;", []),
    ("src/json/a.cpp", "\nstd::random_device d; int x = object.random(3) + time(4);", [2]),
    ("src/io/a.cpp", "auto t = std::chrono::steady_clock::now();", []),
    # not ours to judge
    ("test/unit/a.cpp", '#include "io/a.hpp"\n#include <boost/asio.hpp>', []),
    ("src/io/a.cpp", '// #include "cli/a.hpp"\n/* #include "cli/a.hpp"\n*/', []),
]

if __name__ == "__main__":
    lint.main(check, SAMPLES, cpp_text.cpp_files)
