"""A server that sends more than it was asked for: what is surplus is never the answer to a later request."""
import json
import pathlib
import ssl
import socket
import tempfile
import threading
import unittest

from certificates import make_ca, make_leaf
from simulated import allot, rows_of


def answer(identifier):
    body = json.dumps({"id": identifier, "allottedUnits": 2, "consumedUnits": 1})
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


class pushy_server:
    """Answers the first request of its first connection with several TLS records that arrive together, and each
    other request with the id "good"."""

    def __init__(self, certificate, key, records):
        self.trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.trust.load_cert_chain(certificate, key)
        self.records = records
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(plain, self.connections == 1), daemon=True).start()

    def serve(self, plain, is_first):
        received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        secured = self.trust.wrap_bio(received, sent, server_side=True)

        def complete(step):
            """Its result, once as much has come as it needs; what it writes goes out in one piece."""
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    plain.sendall(sent.read())
                    if not (data := plain.recv(65536)):
                        raise ConnectionError
                    received.write(data)

        with plain:
            try:
                complete(secured.do_handshake)
                while True:
                    request = b""
                    while not request.endswith(b"\r\n\r\n"):
                        request += complete(lambda: secured.read(65536))
                    for record in self.records if is_first else [answer("good")]:
                        secured.write(record)
                    is_first = False
                    plain.sendall(sent.read())
            except OSError:
                pass

    def close(self):
        self.listener.close()


class framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scope = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scope.cleanup)
        cls.folder = pathlib.Path(cls.scope.name)
        cls.ca = make_ca(cls.folder)
        cls.identity = make_leaf(cls.folder, cls.ca)
        (cls.folder / "token").touch(mode=0o600)
        (cls.folder / "token").write_text("dummy-token")

    def audit(self, *records):
        """The ids that two rows have, null where a row failed."""
        server = pushy_server(*self.identity, records)
        self.addCleanup(server.close)
        ended = allot("audit", "-", "--strategy", "get", "--graph-url", f"https://localhost:{server.port}", "--ca-file", self.ca[0],
                      "--token-file", self.folder / "token", "--concurrency", "1", "--connections", "1",
                      stdin="a-1\na-2\n")
        rows = rows_of(ended)
        self.assertEqual(len(rows), 2, ended.stderr)
        self.assertEqual(server.connections, 2, "the first is not used again")
        return [row["allotment"] and row["allotment"]["id"] for row in rows]

    def test_an_answer_that_nobody_asked_for_is_not_the_next_one(self):
        # The first answer ends exactly with its record.
        self.assertEqual(self.audit(answer("first"), answer("smuggled")), ["first", "good"])

    def test_an_answer_with_bytes_behind_it_is_refused(self):
        self.assertEqual(self.audit(answer("first") + answer("smuggled")), ["good", "good"])
        self.assertEqual(self.audit(answer("first") + b"\r\n"), ["good", "good"])

    def test_each_rule_closes_the_connection(self):
        start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        body = answer("bad").partition(b"\r\n\r\n")[2]
        chunked = b"%x\r\n%b\r\n0\r\n" % (len(body), body)
        length = b"Content-Length: %d\r\n" % len(body)
        for bad in (
                start + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunked + b"\r\n",
                start.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n" + chunked + b"\r\n",
                start + b"X: a\r\n b\r\n" + length + b"\r\n" + body,
                start + b"Transfer-Encoding: chunked\r\n\r\n" + b"1;" + b"x" * 257 + b"\r\n",
                b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
                b"HTTP/1.1 204 No Content\r\n" + length + b"\r\n" + body,
                start + b"\r\n" + body,
                start + length + b"Transfer-Encoding: chunked\r\n\r\n" + chunked + b"\r\n",
                start + length + length.replace(b": ", b": 1") + b"\r\n" + body,
                start + length + b"X: a\0b\r\n\r\n" + body,
                start + b"Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\n" + body):
            with self.subTest(bad[:150]):
                self.assertEqual(self.audit(bad), ["good", "good"])
        # Too much is not asked for again.
        trailers = start + b"Transfer-Encoding: chunked\r\n\r\n" + chunked + b"X: " + b"x" * 33_000
        self.assertEqual(self.audit(trailers), [None, "good"])


if __name__ == "__main__":
    unittest.main()
