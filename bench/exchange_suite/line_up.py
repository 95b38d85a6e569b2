"""All clients that are measured, in the order of the table."""
from audit_command import Audit
from clients import BatchPeer, Peer, allot_version, openssl_version, output_of
from load_generators import H2load, Wrk
from other_languages import BARE_NOTE, GoPeer, NodePeer


def all_clients():
    return [
        Peer("bare", "bare SSL_write/SSL_read", "bare", decodes=False, version=openssl_version),
        Wrk("wrk", "wrk"),
        H2load("h2load-h1", "h2load, HTTP/1.1", ["--h1"]),
        H2load("h2load-h2", "h2load, HTTP/2", []),
        Peer("allot", "allot's library", "library", version=allot_version),
        BatchPeer("batch", "allot's library, $batch of 20", "batch", version=allot_version),
        Peer("loop", "the same without gate and retries", "loop", version=allot_version),
        Peer("libcurl", "libcurl multi, Boost.JSON", "curl", version=lambda: output_of("curl-config", "--version").split()[-1]),
        # The compilers of Node.js need their time.
        NodePeer("undici", "undici, JSON.parse", "undici", 2),
        NodePeer("msgraph-ts", "msgraph-beta-sdk, TypeScript", "@microsoft/msgraph-beta-sdk", 5, BARE_NOTE),
        GoPeer("msgraph-go", "msgraph-beta-sdk, Go"),
        Audit("audit", "allot audit, NDJSON to a file"),
    ]
