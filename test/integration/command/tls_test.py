"""Servers that are not to be trusted: refused before a byte of the token is sent."""
import pathlib
import tempfile
import unittest

from certificates import make_ca, make_leaf
from nginx import nginx
from simulated import allot, rows_of

LOCATIONS = "location / { return 404; }"


class untrusted(unittest.TestCase):
    def setUp(self):
        self.scope = tempfile.TemporaryDirectory()
        self.addCleanup(self.scope.cleanup)
        self.folder = pathlib.Path(self.scope.name)
        self.ca = make_ca(self.folder)
        (self.folder / "token").write_text("dummy-token")

    def refused(self, certificate, key, reason, ca_file=None, host="localhost", tls=None):
        options = {} if tls is None else {"tls": tls}
        with nginx(self.folder, certificate, key, LOCATIONS, **options) as server:
            ended = allot(
                "audit", "-", "--graph-url", f"https://{host}:{server.port}", "--ca-file", ca_file or self.ca[0],
                "--token-file", self.folder / "token", "--max-attempts", "1", stdin="a-1\n")
        self.assertEqual(server.requests(), [], "no request may reach it")
        said = ended.stdout + ended.stderr
        self.assertIn(reason, said)
        self.assertIn(ended.returncode, (1, 3), said)
        self.assertNotIn("dummy-token", said)
        for row in rows_of(ended):
            self.assertEqual(row["outcome"], "failed")

    def test_unknown_root(self):
        certificate, key = make_leaf(self.folder, self.ca)
        other = make_ca(self.folder, "other")
        self.refused(certificate, key, "unable to get local issuer certificate", ca_file=other[0])

    def test_expired(self):
        certificate, key = make_leaf(self.folder, self.ca, days=-1)
        self.refused(certificate, key, "certificate has expired")

    def test_other_host_name(self):
        certificate, key = make_leaf(self.folder, self.ca, subject_alternative_name="DNS:elsewhere.example")
        self.refused(certificate, key, "hostname mismatch")

    def test_no_subject_alternative_name(self):
        certificate, key = make_leaf(self.folder, self.ca, name="localhost", subject_alternative_name=None)
        self.refused(certificate, key, "hostname mismatch")

    def test_name_instead_of_address(self):
        certificate, key = make_leaf(self.folder, self.ca, subject_alternative_name="DNS:localhost")
        self.refused(certificate, key, "IP address mismatch", host="127.0.0.1")

    def test_certificate_of_a_client(self):
        certificate, key = make_leaf(self.folder, self.ca, extra=["extendedKeyUsage=clientAuth"])
        self.refused(certificate, key, "unsuitable certificate purpose")

    def test_signed_by_itself(self):
        certificate, key = make_ca(self.folder, "localhost")
        self.refused(certificate, key, "self-signed certificate")

    def test_old_protocol(self):
        certificate, key = make_leaf(self.folder, self.ca)
        self.refused(certificate, key, "protocol version", tls="ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;")

    def test_the_right_one_is_trusted(self):
        certificate, key = make_leaf(self.folder, self.ca)
        with nginx(self.folder, certificate, key, LOCATIONS) as server:
            ended = allot(
                "audit", "-", "--graph-url", server.url, "--ca-file", self.ca[0], "--token-file",
                self.folder / "token", stdin="a-1\n")
        self.assertEqual(rows_of(ended)[0]["outcome"], "not_found", ended.stderr)
        self.assertEqual(len(server.requests()), 1)


if __name__ == "__main__":
    unittest.main()
