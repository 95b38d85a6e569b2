"""Servers that are not to be trusted: refused before a byte of the token, or of a client secret, is sent."""
import pathlib
import struct
import tempfile
import unittest

from certificates import make_ca, make_intermediate, make_leaf
from nginx import nginx
from relay import relay
from simulated import allot, rows_of

LOCATIONS = "location / { return 404; }"
HANDSHAKE, ALERT, APPLICATION_DATA = 22, 21, 23
# Two bytes, and with TLS 1.3 a byte of type and 16 of authentication.
LONGEST_ALERT = 2 + 1 + 16


def records_of(sent):
    """Types and lengths of the TLS records that a client sent."""
    found = []
    while sent:
        kind, _, length = struct.unpack_from(">BHH", sent)
        found.append((kind, length))
        sent = sent[5 + length:]
    return found


class untrusted(unittest.TestCase):
    def setUp(self):
        self.scope = tempfile.TemporaryDirectory()
        self.addCleanup(self.scope.cleanup)
        self.folder = pathlib.Path(self.scope.name)
        self.ca = make_ca(self.folder)
        for name in ("token", "secret"):
            (self.folder / name).touch(mode=0o600)
            (self.folder / name).write_text(f"dummy-{name}-0123456789")

    def run_against(self, server, host, ca_file, *login):
        """An audit through a relay; returns how it ended and what it sent."""
        between = relay(server.port)
        try:
            url = f"https://{host}:{between.port}"
            ended = allot(
                "audit", "-", "--graph-url", url, "--ca-file", ca_file, "--max-attempts", "1",
                *[option.format(url=url) for option in login], stdin="a-1\n")
            between.wait_for_ends(between.accepted)
            return ended, between.sent
        finally:
            between.close()

    def refused(self, certificate, key, reason, ca_file=None, host="localhost", tls=None):
        options = {} if tls is None else {"tls": tls}
        with_token = ["--token-file", str(self.folder / "token")]
        with_secret = ["--token-url", "{url}/tenant/oauth2/v2.0/token", "--tenant", "tenant", "--client-id", "client",
                       "--client-secret-file", str(self.folder / "secret")]
        with nginx(self.folder, certificate, key, LOCATIONS, **options) as server:
            for login in (with_token, with_secret):
                ended, sent = self.run_against(server, host, ca_file or self.ca[0], *login)
                said = ended.stdout + ended.stderr
                self.assertIn(reason, said)
                self.assertIn(ended.returncode, (1, 3), said)
                self.assertNotIn("dummy-", said)
                for row in rows_of(ended):
                    self.assertEqual(row["outcome"], "failed")
                self.assertGreater(len(sent), 0)
                if tls is None:  # no certificate becomes good by asking again
                    self.assertEqual(len(sent), 1)
                for of_one in sent:
                    self.assert_only_a_greeting(of_one)
        self.assertEqual(server.requests(), [], "no request may reach it")

    def assert_only_a_greeting(self, sent):
        """The client's first message of the handshake, and the alert with which it ends."""
        records = records_of(sent)
        self.assertEqual(records[0][0], HANDSHAKE)
        for kind, length in records[1:]:
            if kind in (ALERT, APPLICATION_DATA):
                self.assertLessEqual(length, LONGEST_ALERT, records)
            else:
                self.assertEqual(length, 1, records)  # change_cipher_spec
        self.assertLessEqual(len(records), 3, records)

    def leaf(self, reason, host="localhost", **params):
        """A certificate of the trusted CA that is bad in one way."""
        certificate, key = make_leaf(self.folder, self.ca, **params)
        self.refused(certificate, key, reason, host=host)

    def chain(self, *certificates):
        path = self.folder / "chain.pem"
        path.write_text("".join(each.read_text() for each in certificates))
        return path

    def test_unknown_root(self):
        certificate, key = make_leaf(self.folder, self.ca)
        other = make_ca(self.folder, "other")
        self.refused(certificate, key, "unable to get local issuer certificate", ca_file=other[0])

    def test_expired(self):
        self.leaf("certificate has expired", days=-1)

    def test_not_yet_valid(self):
        self.leaf("certificate is not yet valid", starts="20890101000000Z")

    def test_other_host_name(self):
        self.leaf("hostname mismatch", subject_alternative_name="DNS:elsewhere.example")

    def test_no_subject_alternative_name(self):
        self.leaf("hostname mismatch", name="localhost", subject_alternative_name=None)

    def test_wildcard_misuse(self):
        for names in ("DNS:*", "DNS:l*", "DNS:*.localhost", "DNS:*host"):
            self.leaf("hostname mismatch", subject_alternative_name=names)

    def test_name_instead_of_address(self):
        self.leaf("IP address mismatch", host="127.0.0.1", subject_alternative_name="DNS:localhost,DNS:127.0.0.1")

    def test_address_instead_of_name(self):
        self.leaf("hostname mismatch", subject_alternative_name="IP:127.0.0.1")

    def test_certificate_of_a_client(self):
        self.leaf("unsuitable certificate purpose", extra=["extendedKeyUsage=clientAuth"])

    def test_weak_rsa(self):
        certificate, key = make_leaf(self.folder, self.ca, key=("rsa:1024",))
        self.refused(
            certificate, key, "key too weak",
            tls="ssl_ciphers DEFAULT:@SECLEVEL=0; ssl_protocols TLSv1.2 TLSv1.3;")

    def test_missing_intermediate(self):
        between = make_intermediate(self.folder, self.ca)
        certificate, key = make_leaf(self.folder, between)
        self.refused(certificate, key, "unable to get local issuer certificate")

    def test_name_constraints(self):
        between = make_intermediate(
            self.folder, self.ca, extra=["nameConstraints=critical,permitted;DNS:elsewhere.example"])
        certificate, key = make_leaf(self.folder, between, subject_alternative_name="DNS:localhost")
        self.refused(self.chain(certificate, between[0]), key, "permitted subtree violation")

    def test_signed_by_itself(self):
        certificate, key = make_ca(self.folder, "localhost")
        self.refused(certificate, key, "self-signed certificate")

    def test_old_protocol(self):
        certificate, key = make_leaf(self.folder, self.ca)
        self.refused(certificate, key, "protocol version", tls="ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;")

    def test_the_right_ones_are_trusted(self):
        between = make_intermediate(
            self.folder, self.ca, extra=["nameConstraints=critical,permitted;DNS:localhost"])
        below, key_below = make_leaf(self.folder, between, name="below", subject_alternative_name="DNS:localhost")
        for certificate, key in (make_leaf(self.folder, self.ca), (self.chain(below, between[0]), key_below)):
            with nginx(self.folder, certificate, key, LOCATIONS) as server:
                ended, sent = self.run_against(
                    server, "localhost", self.ca[0], "--token-file", str(self.folder / "token"))
            self.assertEqual(rows_of(ended)[0]["outcome"], "not_found", ended.stderr)
            self.assertEqual(len(server.requests()), 1)
            self.assertGreater(max(length for _, length in records_of(sent[0])[1:]), LONGEST_ALERT)
            (self.folder / "access.log").unlink()


if __name__ == "__main__":
    unittest.main()
