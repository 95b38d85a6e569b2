"""Row 18: the simulator behind squid and tinyproxy, as Debian has them, with and without authentication."""
import pathlib
import tempfile
import unittest
import urllib.parse

from nginx import free_port
from proxies import has_squid, has_tinyproxy, squid, squid_basic, squid_digest, tinyproxy
from secret_runs import private_file
from simulated import allot, read_journal, rows_of, simulator

GRAPH, AUTHORITY = "graph.microsoft.com", "login.microsoftonline.com"
USER, PASSWORD = "ada", "open-sesame-0123456789"


class software(unittest.TestCase):
    def setUp(self):
        scope = tempfile.TemporaryDirectory()
        self.addCleanup(scope.cleanup)
        self.folder = pathlib.Path(scope.name)
        self.credentials = private_file(self.folder / "credentials", f"{USER}:{PASSWORD}\n")
        server = simulator(60)
        self.said = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)

    def run_audit(self, proxy, *options, port=None, environment=None):
        """The proxy is asked for the simulator's address, because it would look the real hosts up."""
        port = port or urllib.parse.urlsplit(self.said["graph_url"]).port
        return allot(
            "audit", self.said["ids"], "--ca-file", self.said["ca_file"], "--tenant", self.said["tenant"],
            "--client-id", self.said["client_id"], "--client-secret-file", self.said["client_secret_file"],
            "--connect-to", f"{GRAPH}:443:127.0.0.1:{port}", "--connect-to", f"{AUTHORITY}:443:127.0.0.1:{port}",
            *(["--proxy", proxy.url] if proxy else []), *options, environment=environment)

    def assert_audited(self, ended):
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual([row["outcome"] for row in rows_of(ended)], ["ok"] * 60)
        seen = read_journal(self.said)
        self.assertEqual({entry["fields"]["Host"] for entry in seen}, {AUTHORITY, GRAPH})
        for entry in seen:
            self.assertNotIn("Proxy-Authorization", entry["fields"])

    def assert_refused(self, proxy, ended, words):
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn(f"proxy 127.0.0.1:{proxy.port}, asked to connect to 127.0.0.1:", ended.stderr)
        self.assertIn(words, ended.stderr)
        self.assertNotIn(PASSWORD, ended.stderr)
        self.assertEqual(read_journal(self.said), [])

    def in_environment(self, proxy):
        return {"HTTPS_PROXY": f"http://{USER}:{PASSWORD}@127.0.0.1:{proxy.port}"}

    @unittest.skipUnless(has_squid(), "there is no squid (package squid)")
    def test_row_18_squid(self):
        with squid(self.folder) as proxy:
            self.assert_audited(self.run_audit(proxy))
        self.assertIn("CONNECT 127.0.0.1:", proxy.log)
        self.assertNotIn("GET", proxy.log)

    @unittest.skipUnless(has_squid(), "there is no squid (package squid)")
    def test_row_18_squid_with_basic_authentication(self):
        with squid(self.folder, squid_basic(self.folder, USER, PASSWORD)) as proxy:
            self.assert_refused(proxy, self.run_audit(proxy), "asks for a user and a password (407)")
            wrong = private_file(self.folder / "wrong", f"{USER}:other")
            self.assert_refused(proxy, self.run_audit(proxy, "--proxy-credentials-file", wrong),
                                "does not accept this user and password (407)")
            self.assert_audited(self.run_audit(proxy, "--proxy-credentials-file", self.credentials))
            self.assert_audited(self.run_audit(None, environment=self.in_environment(proxy)))

    @unittest.skipUnless(has_squid(), "there is no squid (package squid)")
    def test_row_18_squid_with_another_scheme(self):
        with squid(self.folder, squid_digest(self.folder)) as proxy:
            for options in ([], ["--proxy-credentials-file", self.credentials]):
                self.assert_refused(proxy, self.run_audit(proxy, *options), "offers Digest, but only Basic is spoken")

    @unittest.skipUnless(has_squid(), "there is no squid (package squid)")
    def test_row_18_squid_that_does_not_allow_it(self):
        with squid(self.folder, "") as proxy:
            self.assert_refused(proxy, self.run_audit(proxy), "does not allow this host (403)")

    @unittest.skipUnless(has_squid(), "there is no squid (package squid)")
    def test_row_18_squid_that_cannot_connect(self):
        with squid(self.folder, "connect_retries 0\nhttp_access allow all") as proxy:
            ended = self.run_audit(proxy, port=free_port())
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("could not connect there (503)", ended.stderr)
        self.assertEqual(proxy.log.count("CONNECT"), 4, "the token endpoint is tried four times")

    @unittest.skipUnless(has_tinyproxy(), "there is no tinyproxy (package tinyproxy)")
    def test_row_18_tinyproxy(self):
        with tinyproxy(self.folder) as proxy:
            self.assert_audited(self.run_audit(proxy))

    @unittest.skipUnless(has_tinyproxy(), "there is no tinyproxy (package tinyproxy)")
    def test_row_18_tinyproxy_with_basic_authentication(self):
        with tinyproxy(self.folder, f"BasicAuth {USER} {PASSWORD}") as proxy:
            self.assert_refused(proxy, self.run_audit(proxy), "asks for a user and a password (407)")
            self.assert_audited(self.run_audit(proxy, "--proxy-credentials-file", self.credentials))
            self.assert_audited(self.run_audit(None, environment=self.in_environment(proxy)))

    @unittest.skipUnless(has_tinyproxy(), "there is no tinyproxy (package tinyproxy)")
    def test_row_18_tinyproxy_that_does_not_allow_the_port(self):
        with tinyproxy(self.folder, "ConnectPort 443") as proxy:
            self.assert_refused(proxy, self.run_audit(proxy), "(403)")


if __name__ == "__main__":
    unittest.main(verbosity=2)  # which says why something is skipped
