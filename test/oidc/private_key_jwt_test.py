"""`allot` with a client certificate at a real OpenID provider, which verifies each assertion (RFC 7523, PS256)."""
import hashlib
import ssl
import unittest

from assertion import TYPE, base64url, decode_assertion
from oidc_provider import CERTIFICATE_CLIENT, OTHER_NAME, SECRET, SECRET_CLIENT, need_packages, running_provider
from simulated import rows_of

LIFETIME = 2
HOUR = 3600


class private_key_jwt(unittest.TestCase):
    def setUp(self):
        running = running_provider(LIFETIME)
        self.provider = running.__enter__()
        self.addCleanup(running.__exit__, None, None, None)

    def audit(self, count, *arguments, **more):
        return self.provider.audit(
            [f"a-{number}" for number in range(count)], "--auth", "certificate", "--tenant", "contoso.example",
            "--client-id", CERTIFICATE_CLIENT, "--certificate", self.provider.client_pem, *arguments, **more)

    def assert_works(self, count, *arguments):
        ended = self.audit(count, *arguments)
        self.assertEqual(
            ended.returncode, 0,
            f"{ended.stderr}\nthe provider's reasons: {self.provider.stats()['token_errors']}")
        self.assertEqual([row["outcome"] for row in rows_of(ended)], ["ok"] * count)

    def assert_refused(self, ended, why):
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("invalid_client", ended.stderr)
        self.assertIn(why, self.provider.last_token_error())
        self.assertEqual(rows_of(ended), [])

    def test_the_assertion_says_what_entra_asks_for(self):
        self.assert_works(3)
        header, claims = decode_assertion(self.provider.assertions()[-1])
        certificate = ssl.PEM_cert_to_DER_cert(self.provider.client_certificate.read_text())
        self.assertEqual(header["alg"], "PS256")
        self.assertEqual(header["typ"], "JWT")
        self.assertEqual(header["x5t#S256"], base64url(hashlib.sha256(certificate).digest()))
        self.assertEqual(claims["aud"], self.provider.token_url)
        self.assertEqual((claims["iss"], claims["sub"]), (CERTIFICATE_CLIENT, CERTIFICATE_CLIENT))
        self.assertLessEqual(claims["nbf"], claims["iat"])
        self.assertTrue(300 <= claims["exp"] - claims["iat"] <= 600, claims)

    def test_no_assertion_is_sent_twice(self):
        # Some seconds, so that tokens of two seconds are refreshed inside one run; then runs of their own.
        self.assert_works(2_000, "--rate", "350")
        refreshed = self.provider.stats()["token_requests"]
        self.assertGreaterEqual(refreshed, 3, "the run did not outlive its tokens")
        for _ in range(3):
            self.assert_works(1)
        self.assertEqual(self.provider.stats()["token_errors"], [])
        names = [decode_assertion(assertion)[1]["jti"] for assertion in self.provider.assertions()]
        self.assertGreaterEqual(len(names), refreshed + 3)
        self.assertEqual(len(set(names)), len(names), names)
        # The provider would have seen it.
        status, body = self.provider.ask_token(
            client_assertion=self.provider.assertions()[-1], client_assertion_type=TYPE)
        self.assertEqual((status, body["error"]), (401, "invalid_client"))
        self.assertIn("only be used once", self.provider.last_token_error())

    def test_an_audience_that_is_not_the_providers(self):
        elsewhere = f"https://{OTHER_NAME}:{self.provider.port}/token"
        there = ("--connect-to", f"{OTHER_NAME}:{self.provider.port}:127.0.0.1:{self.provider.port}")
        # The way there is good: without an audience in what is sent, all works.
        by_secret = self.provider.audit(
            ["a-1"], *there, token_url=elsewhere,
            environment={"AZURE_CLIENT_ID": SECRET_CLIENT, "AZURE_CLIENT_SECRET": SECRET})
        self.assertEqual(by_secret.returncode, 0, by_secret.stderr)
        ended = self.audit(1, *there, token_url=elsewhere)
        self.assert_refused(ended, "audience (aud) must equal")
        self.assertEqual(decode_assertion(self.provider.assertions()[-1])[1]["aud"], elsewhere)
        self.assertIn(elsewhere, ended.stderr)
        self.assert_works(1)

    def test_clocks_that_differ_by_an_hour(self):
        for ahead, why in ((HOUR, "jwt expired"), (-HOUR, "jwt not active yet")):
            with self.subTest(provider_ahead=ahead):
                with self.provider.clock_ahead(ahead):
                    ended = self.audit(1)
                self.assert_refused(ended, why)
                self.assertRegex(
                    ended.stderr, "(?i)clock", "the provider's Date is an hour from ours: the error must say so")
        self.assert_works(1)


if __name__ == "__main__":
    need_packages()
    unittest.main()
