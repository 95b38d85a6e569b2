"""No secret in what commands print or write: every command, at the highest log level, with marker secrets."""
import base64
import pathlib
import shutil
import unittest
import urllib.parse

from markers import marker_search
from proof_sources import proof_sources
from secret_runs import (FORMATS, WRONG_SECRET, WRONG_TOKEN, known_secrets, secret_test, sources_of, where_options)
from simulated import simulator


def commands_of(said):
    """The commands with requests to Graph, then the others, in an order in which each has what it needs."""
    ids = said["ids"]
    asking = [
        ["get", ids.read_text().split()[0]],
        ["list"],
        ["list", "-o", "list.ndjson"],
        ["audit", ids],
        ["audit", ids, "--format", "csv", "-o", "rows.csv"],
        ["audit", ids, "--store", "one.db"],
        ["audit", "--all", "--store", "two.db", "--format", "csv", "-o", "two.csv"],
        ["audit", "--all", "--strategy", "get", "-o", "rows.ndjson"],
        ["plan", "--all"],
        ["whoami"],
        ["whoami", "--roles"],
        ["whoami", "--json"],
        ["whoami", "--roles", "--json"],
    ]
    others = [
        ["plan", ids, "--json"],
        ["plan", "--count", "9", "--store", "one.db"],
        ["export", "one.db", "-o", "export.ndjson"],
        ["export", "one.db", "--format", "csv", "-o", "export.csv"],
        ["report", "one.db", "-o", "report.html"],
        ["diff", "one.db", "one.db"],
        ["status", "one.db"],
        ["demo", "--assignments", "100"],
        ["simulate", "--listen", "no address"],
        ["--version"],
        ["audit", "--help"],
    ]
    return asking, others


class secrets(secret_test):
    def test_the_search_finds_every_form(self):
        search = marker_search({"it": WRONG_SECRET})
        for text in (WRONG_SECRET, urllib.parse.quote(WRONG_SECRET), WRONG_SECRET.encode().hex(), WRONG_SECRET[20:40]):
            self.assertTrue(search.found_in(f"xx{text}yy".encode()), text)
        for before in ("", "x", "xx"):
            for after in ("", "y", "yy"):
                for encode in (base64.b64encode, base64.urlsafe_b64encode):
                    encoded = encode((before + WRONG_SECRET + after).encode())
                    self.assertTrue(search.found_in(encoded), encoded)
        self.assertTrue(search.found_in(WRONG_TOKEN.encode()))
        self.assertTrue(search.found_in(b"\0" + WRONG_TOKEN.encode(), is_memory=True))
        self.assertEqual(search.found_in(b"client_secret=[redacted]"), [])

    def check_commands(self, said, using, number, known, with_others):
        """By one source; nothing of what is known is left anywhere."""
        asking, others = commands_of(said)
        others = others if with_others else []
        both = {"ALLOT_TOKEN": known["the token"], "AZURE_CLIENT_SECRET": known["the client secret"]}
        shutil.rmtree(self.work)
        self.work.mkdir()
        for command in asking:
            code, err = self.run_command([*command, *FORMATS[number % 2], *where_options(said, using)], using)
            self.assertEqual(code, 0, (using.name, command, err))
        for command in others:
            code, err = self.run_command(command, environment=both)
            self.assertEqual(code, 2 if "no address" in command else 0, (command, err))
        checked = self.assert_no_markers(marker_search(known), said["journal"], said["ids"])
        self.assertGreater(checked, len(asking) + len(others) + 8)

    def test_row_23_every_command(self):
        with simulator(40) as said:
            known = known_secrets(said)
            ways = sources_of(said, self.folder, *known.values())
            with proof_sources(said, self.folder, known["the token"]) as proofs:
                known.update(proofs.secrets)
                for number, using in enumerate([*ways, *proofs.sources]):
                    # What asks nobody is the same whatever the source.
                    self.check_commands(said, using, number, known, with_others=number < len(FORMATS))

    def test_row_23_requests_that_are_refused(self):
        def always(path, **deed):
            return {"rules": [{"match": {"path": path}, "do": deed}]}

        elsewhere = {"Location": "https://elsewhere.example/"}
        scripts = {
            "401": (always("^/beta/", status=401), 3),
            "403": (always("^/beta/", status=403), 1),
            "500": (always("^/beta/", status=500), 1),
            "redirect": (always("^/beta/", status=302, headers=elsewhere), 1),
            "no tokens": (always("/token$", status=400), 3),
            "tokens elsewhere": (always("/token$", status=307, headers=elsewhere), 3),
        }
        for name, (script, expected) in scripts.items():
            with simulator(5, script) as said:
                secret = pathlib.Path(said["client_secret_file"]).read_text()
                using = sources_of(said, self.folder, secret, WRONG_TOKEN)[0]
                for number, log in enumerate(FORMATS):
                    code, err = self.run_command(
                        ["audit", said["ids"], "--max-attempts", "2", "--store", f"{name}{number}.db",
                         *where_options(said), *log], using)
                    self.assertEqual(code, expected, (name, err))
                self.assert_no_markers(marker_search({"the client secret": secret}), said["journal"])

    def test_row_23_secrets_that_are_wrong(self):
        with simulator(5) as said:
            (self.folder / "secret").touch(mode=0o600)
            (self.folder / "secret").write_text(WRONG_SECRET)
            said["client_secret_file"] = self.folder / "secret"
            for using in sources_of(said, self.folder, WRONG_SECRET, WRONG_TOKEN):
                for log in FORMATS:
                    code, err = self.run_command(["audit", said["ids"], *where_options(said), *log], using)
                    self.assertEqual(code, 3, (using.name, err))
            self.assert_no_markers(
                marker_search({"the secret": WRONG_SECRET, "the token": WRONG_TOKEN}), said["journal"])


if __name__ == "__main__":
    unittest.main()
