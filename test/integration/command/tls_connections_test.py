"""Connections to an nginx that resumes sessions, changes its certificate and is restarted while an audit runs."""
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

from certificates import make_ca, make_leaf
from nginx import nginx
from relay import relay
from simulated import ALLOT, ENVIRONMENT, allot, rows_of

ANSWER = '{"id":"b","allottedUnits":2,"consumedUnits":1}'
AT_ONCE = f"default_type application/json; location / {{ return 200 '{ANSWER}'; }}"


class held_upstream:
    """Answers each request for "a-N" once it is let go, and tells how many have come."""

    def __init__(self):
        self.go = {}
        self.lock = threading.Lock()
        self.arrived = threading.Semaphore(0)
        upstream = self

        class handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                upstream.arrived.release()
                upstream.event_of(self.path.split("/")[-2]).wait()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(ANSWER)))
                self.end_headers()
                self.wfile.write(ANSWER.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def event_of(self, assignment):
        with self.lock:
            return self.go.setdefault(assignment, threading.Event())

    def let_go(self, *assignments):
        for each in assignments:
            self.event_of(each).set()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class connections(unittest.TestCase):
    def setUp(self):
        scope = tempfile.TemporaryDirectory()
        self.addCleanup(scope.cleanup)
        self.folder = pathlib.Path(scope.name)
        self.ca = make_ca(self.folder)
        self.identity = make_leaf(self.folder, self.ca)
        (self.folder / "token").touch(mode=0o600)
        (self.folder / "token").write_text("dummy-token")

    def options(self, url, *more, ids="-"):
        return ["audit", ids, "--strategy", "get", "--graph-url", url, "--ca-file", self.ca[0],
                "--token-file", self.folder / "token", *more]

    def start(self, ids, url, *more):
        """An audit whose rows are read while it runs."""
        (self.folder / "ids").write_text("".join(f"{each}\n" for each in ids))
        process = subprocess.Popen(
            [ALLOT, *map(str, self.options(url, *more, ids=self.folder / "ids"))], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def audit(self, count, url, *more, environment=None):
        ended = allot(*self.options(url, *more), stdin="".join(f"a-{i}\n" for i in range(count)),
                      environment=environment)
        self.assertEqual([row["outcome"] for row in rows_of(ended)], ["ok"] * count, ended.stderr)

    def test_sessions_are_resumed(self):
        # Tickets that the client keeps, and sessions that nginx keeps: of TLS 1.3 each is good for one connection.
        kept = "ssl_session_tickets off; ssl_session_cache shared:sessions:1m;"
        for protocol in ("TLSv1.2", "TLSv1.3"):
            for by in ("", kept):
                with nginx(self.folder, *self.identity, "keepalive_requests 5; " + AT_ONCE,
                           tls=f"ssl_protocols {protocol}; {by}") as server:
                    self.audit(40, server.url, "--connections", "1")
                seen = server.requests()
                (self.folder / "access.log").unlink()
                self.assertEqual(len(seen), 40)
                self.assertEqual({each["protocol"] for each in seen}, {protocol})
                numbers = [each["connection_number"] for each in seen]
                by_connection = [[each["resumed"] for each in seen if each["connection_number"] == number]
                                 for number in dict.fromkeys(numbers)]
                self.assertEqual([len(each) for each in by_connection], [5] * 8)
                self.assertEqual([each[0] for each in by_connection], ["."] + ["r"] * 7, (protocol, by))

    def rotated(self, new_certificate, settled):
        """An audit of three; nginx changes its certificate while the first two wait for their answers.

        The second one's connection ends with its answer, as nginx ends all when it reloads, so that the third
        needs a new one. The first waits until that is `settled`. Returns the exit code, the rows by assignment, what
        was said, and nginx.
        """
        upstream = held_upstream()
        self.addCleanup(upstream.close)
        with nginx(self.folder, *self.identity, f"location / {{ proxy_pass http://127.0.0.1:{upstream.port}; }}") \
                as server:
            between = relay(server.port)
            self.addCleanup(between.close)
            process = self.start(["a-1", "a-2", "a-3"], f"https://localhost:{between.port}", "--connections", "2",
                                 "--concurrency", "2")
            for _ in range(2):
                self.assertTrue(upstream.arrived.acquire(timeout=60))
            new_certificate()
            server.reload()
            upstream.let_go("a-2", "a-3")
            settled(upstream, between)
            upstream.let_go("a-1")
            out, err = process.communicate(timeout=60)
        return process.returncode, {row["assignmentId"]: row for row in map(json.loads, out.splitlines())}, err, server

    def replace(self, **params):
        certificate, key = make_leaf(self.folder, self.ca, name="new", **params)
        os.replace(key, self.identity[1])
        os.replace(certificate, self.identity[0])

    def test_row_22_a_bad_new_certificate_is_refused_while_the_old_connection_lives_on(self):
        code, rows, err, server = self.rotated(
            lambda: self.replace(subject_alternative_name="DNS:elsewhere.example"),
            lambda _, between: between.wait_for_ends(2))
        self.assertEqual(rows["a-1"]["outcome"], "ok", err)
        self.assertEqual(rows["a-2"]["outcome"], "ok", err)
        self.assertEqual(rows["a-3"]["outcome"], "failed", err)
        self.assertIn("hostname mismatch", rows["a-3"]["error"]["message"])
        self.assertEqual(code, 1)
        self.assertEqual(len(server.requests()), 2)

    def test_row_22_a_good_new_certificate_is_verified_afresh(self):
        code, rows, err, server = self.rotated(
            self.replace, lambda upstream, _: self.assertTrue(upstream.arrived.acquire(timeout=60)))
        self.assertEqual({row["outcome"] for row in rows.values()}, {"ok"}, err)
        self.assertEqual(code, 0)
        # The ticket of the old one is refused, and the handshake is a full one.
        self.assertEqual([each["resumed"] for each in server.requests()], ["."] * 3)

    def test_a_restart_costs_no_row(self):
        count = 400
        with nginx(self.folder, *self.identity, AT_ONCE) as server:
            process = self.start((f"a-{i}" for i in range(count)), server.url, "--rate", "200")
            rows = [json.loads(process.stdout.readline()) for _ in range(100)]
            server.stop()
            server.start()
            # Some rows are in the buffer of the file object, which communicate() would pass over.
            rows += map(json.loads, process.stdout)
            err = process.stderr.read()
            process.wait(60)
        self.assertEqual([row["outcome"] for row in rows], ["ok"] * count, err)
        self.assertEqual(sorted(row["position"] for row in rows), list(range(1, count + 1)))
        self.assertEqual(process.returncode, 0)
        self.assertEqual(len({each["worker"] for each in server.requests()}), 2)

    def test_keys_are_logged_only_by_builds_for_tests(self):
        log = self.folder / "keys"
        with nginx(self.folder, *self.identity, AT_ONCE) as server:
            self.audit(1, server.url, environment={"SSLKEYLOGFILE": str(log)})
        if os.environ.get("ALLOT_TLS_KEY_LOG") == "ON":
            self.assertIn("CLIENT_TRAFFIC_SECRET_0 ", log.read_text())
            self.assertEqual(log.stat().st_mode & 0o777, 0o600)
        else:
            self.assertFalse(log.exists())


if __name__ == "__main__":
    unittest.main()
