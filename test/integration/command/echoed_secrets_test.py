"""No secret in what commands print or write of servers that show what they were sent."""
import unittest

from echoing import ANSWERS, echoing
from markers import marker_search
from secret_runs import FORMATS, WRONG_SECRET, WRONG_TOKEN, secret_test

LOGIN = {"AZURE_CLIENT_SECRET": WRONG_SECRET, "AZURE_CLIENT_ID": "app", "AZURE_TENANT_ID": "contoso.com"}
SEARCH = marker_search({"the secret": WRONG_SECRET, "the token": WRONG_TOKEN})


class echoed_secrets(secret_test):
    def setUp(self):
        super().setUp()
        self.ids = self.folder / "ids"
        self.ids.write_text("a-1\n")
        server = echoing(self.folder)
        self.url, ca_file = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.options = ["--ca-file", ca_file, "--max-attempts", "1"]

    def test_row_23_the_token_endpoint(self):
        # A 500 is asked again before it is said.
        for kind, status in [*((kind, 400) for kind in ANSWERS), ("json", 401), ("json", 500), ("decoded", 500)]:
            for log in FORMATS:
                code, err = self.run_command(
                    ["audit", self.ids, "--graph-url", self.url, "--token-url", f"{self.url}/{status}/{kind}",
                     *self.options, *log], environment=LOGIN)
                self.assertEqual(code, 3, (kind, err))
                if kind in ("json", "decoded", "short"):
                    self.assertIn("[redacted]", err, "the test must see what the endpoint said")
        self.assert_no_markers(SEARCH)

    def test_row_23_graph(self):
        for kind in ANSWERS:
            for number, status in enumerate((401, 403, 404, 500)):
                name = f"{status}{kind}"
                self.run_command(
                    ["audit", self.ids, "-o", name, "--store", name + ".db", "--graph-url",
                     f"{self.url}/{status}/{kind}", *self.options, *FORMATS[number % 2]],
                    environment={"ALLOT_TOKEN": WRONG_TOKEN})
                code, err = self.run_command(
                    ["get", "a-1", "--graph-url", f"{self.url}/{status}/{kind}", *self.options, *FORMATS[number % 2]],
                    environment={"ALLOT_TOKEN": WRONG_TOKEN})
                self.assertIn(code, (1, 3), (name, err))
                if kind in ("json", "html", "text", "short"):
                    self.assertIn("[redacted]", err, "the test must see what Graph said")
        self.assert_no_markers(SEARCH)


if __name__ == "__main__":
    unittest.main()
