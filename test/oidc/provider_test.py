"""`allot audit` with client_secret_post at a real OpenID provider, and a token that ends many times in one run."""
import time
import unittest

from oidc_provider import SECRET, SECRET_CLIENT, need_packages, running_provider
from simulated import rows_of

LIFETIME = 5
REQUESTS = 10_000
RATE = 700  # a second: the run outlives its first token two times


class client_secret(unittest.TestCase):
    def setUp(self):
        running = running_provider(LIFETIME)
        self.provider = running.__enter__()
        self.addCleanup(running.__exit__, None, None, None)

    def assert_all_good(self, ended, count):
        self.assertEqual(ended.returncode, 0, ended.stderr)
        rows = rows_of(ended)
        self.assertEqual(sorted(row["position"] for row in rows), list(range(1, count + 1)))
        self.assertEqual({row["outcome"] for row in rows}, {"ok"})

    def test_a_secret_of_characters_that_forms_and_urls_give_a_meaning(self):
        ids = ["a-1", "a-2", "a-3"]
        by_file = self.provider.audit(
            ids, "--client-id", SECRET_CLIENT, "--client-secret-file", self.provider.secret_file)
        self.assert_all_good(by_file, len(ids))
        by_environment = self.provider.audit(
            ids, environment={"AZURE_CLIENT_ID": SECRET_CLIENT, "AZURE_CLIENT_SECRET": SECRET})
        self.assert_all_good(by_environment, len(ids))
        stats = self.provider.stats()
        self.assertEqual((stats["token_requests"], stats["graph_requests"]), (2, 6), stats)

    def test_a_secret_that_is_wrong_by_one_character(self):
        wrong = SECRET.replace("+", " ", 1)
        ended = self.provider.audit(
            ["a-1"], environment={"AZURE_CLIENT_ID": SECRET_CLIENT, "AZURE_CLIENT_SECRET": wrong})
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("invalid_client", ended.stderr)
        self.assertIn(self.provider.token_url, ended.stderr)
        self.assertNotIn(wrong, ended.stderr + ended.stdout)
        self.assertEqual(self.provider.last_token_error(), "invalid secret provided")

    def test_a_token_of_five_seconds_under_ten_thousand_requests(self):
        started = time.monotonic()
        ended = self.provider.audit(
            [f"a-{number}" for number in range(REQUESTS)], "--rate", str(RATE), "--client-id", SECRET_CLIENT,
            "--client-secret-file", self.provider.secret_file)
        seconds = time.monotonic() - started
        stats = self.provider.stats()
        self.assert_all_good(ended, REQUESTS)
        self.assertEqual(stats["graph_refusals"], [], "requests went with a token that had ended")
        self.assertEqual(stats["token_errors"], [])
        self.assertGreater(seconds, 2 * LIFETIME, "too fast to outlive two tokens: lower the rate")
        # A refresh at 80 % of a life of 5 s is one each 4 s; earlier ones ask a provider for more than anyone needs.
        self.assertLessEqual(
            stats["token_requests"], seconds / (LIFETIME * 0.8) + 2, f"token requests in a run of {seconds:.1f} s")


if __name__ == "__main__":
    need_packages()
    unittest.main()
