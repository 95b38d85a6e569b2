"""A server of Python's own on TLS, with a certificate made for it."""
import contextlib
import http.server
import ssl
import threading

from certificates import make_ca, make_leaf


@contextlib.contextmanager
def serving(handler, folder, name):
    """Yields its URL on a free loopback port, and the root that its certificate is verified with."""
    ca = make_ca(folder, name + "-ca")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_leaf(folder, ca, name))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_port}", ca[0]
    finally:
        server.shutdown()
        server.server_close()
