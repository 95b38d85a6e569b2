"""The simulator as a tool of its own: its document, and the ways to log in that it takes."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from certificates import make_ca, make_client_certificate
from simulated import ALLOT, ENVIRONMENT, ROOT, allot, login_options, read_journal, rows_of, simulator

DOCUMENT = (ROOT / "src" / "simulator" / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def options_without_secret(said):
    options = login_options(said)
    at = options.index("--client-secret-file")
    return options[:at] + options[at + 2:]


class document(unittest.TestCase):
    def test_the_example_script_is_one(self):
        for text in blocks("json"):
            with simulator(20, json.loads(text)) as said:
                ended = allot("audit", said["ids"], *login_options(said))
            self.assertEqual({row["outcome"] for row in rows_of(ended)}, {"ok"}, ended.stderr)

    def test_the_session_goes_as_written(self):
        with simulator(1) as said:
            folder = said["folder"]
            (folder / "throttled.json").write_text(blocks("json")[0])
            (folder / "ready.json").unlink()
            (folder / "ids.txt").unlink()
            # A shell that is not interactive has no jobs unless it is told to.
            ended = subprocess.run(
                ["bash", "-c", f"set -eum; trap 'kill $(jobs -p) 2>&- || true' EXIT; PATH={shlex.quote(str(ALLOT.parent))}:$PATH\n"
                 + blocks("sh")[0] + "wait"],
                cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        values = []
        rest = ended.stdout
        while rest.strip():
            value, end = json.JSONDecoder().raw_decode(rest.lstrip())
            values.append(value)
            rest = rest.lstrip()[end:]
        configuration, page, batch, stats = values
        self.assertIn("token_endpoint", configuration)
        self.assertEqual(len(page["value"]), 2)
        self.assertIn("@odata.nextLink", page)
        self.assertEqual(batch["responses"][0]["status"], 200)
        shown = json.loads(blocks("text")[0])
        self.assertEqual(list(stats), list(shown))
        self.assertEqual(list(stats["per_second"]), list(shown["per_second"]))
        self.assertEqual((stats["requests"], stats["batch_items"], stats["discovery_requests"]), (2, 1, 1))

    def test_help_and_document_know_the_same_members(self):
        helped = allot("simulate", "--help").stdout
        named = set(re.findall(r"(?m)^\| `([a-z_]+)`", DOCUMENT)) | set(
            re.findall(r"`([a-z_]+)`", "".join(re.findall(r"(?m)^\| (`[^|]*)\|", DOCUMENT))))
        self.assertGreater(len(named), 35, named)
        self.assertEqual([name for name in sorted(named) if not re.search(rf"\b{name}\b", helped)], [])
        # And every name that a script may have is told: the command lists them where it finds another one.
        known = set()
        for text in ('{"x":1}', '{"throttle":{"x":1}}', '{"pages":{"x":1}}', '{"latency_ms":{"x":1}}',
                     '{"throttle":{"per_second":1,"cost":{"x":1}}}', '{"rules":[{"do":{"x":1}}]}',
                     '{"rules":[{"match":{"x":1},"do":{"reset":true}}]}'):
            with simulator(1) as said:
                (said["folder"] / "bad.json").write_text(text)
                ended = allot("simulate", "--script", said["folder"] / "bad.json")
            self.assertEqual(ended.returncode, 2)
            known |= set(ended.stderr.split("known are ")[1].split("\n")[0].split(", "))
        self.assertGreater(len(known), 45)
        for name in known:
            self.assertRegex(helped, rf"\b{name}\b")
            self.assertRegex(DOCUMENT, rf"\b{name}\b")


class logging_in(unittest.TestCase):
    def test_with_a_certificate_or_a_federated_token(self):
        with simulator(1) as before:
            folder = before["folder"]
            both, certificate, _ = make_client_certificate(folder)
            token = folder / "federated"
            token.write_text("header.payload.signature\n")
            options = ["--client-certificate", certificate, "--federated-token-file", token]
            with simulator(3, options=options) as said:
                for more in (["--auth", "certificate", "--certificate", both],
                             ["--auth", "workload"]):
                    ended = allot(
                        "audit", said["ids"], *options_without_secret(said), *more,
                        environment={"AZURE_FEDERATED_TOKEN_FILE": str(token)})
                    self.assertEqual(ended.returncode, 0, ended.stderr)
                token.write_text("header.payload.other\n")
                ended = allot("audit", said["ids"], *options_without_secret(said), "--auth", "workload",
                              environment={"AZURE_FEDERATED_TOKEN_FILE": str(token)})
                self.assertEqual(ended.returncode, 3, ended.stderr)
                seen = read_journal(said)
            self.assertEqual([entry["status"] for entry in seen if entry["method"] == "POST"][:2], [200, 200])

    def test_files_that_cannot_be_read(self):
        for option in ("--client-certificate", "--federated-token-file"):
            ended = allot("simulate", option, os.devnull + "/none")
            self.assertEqual(ended.returncode, 2)
            self.assertIn(f"{option}: cannot read", ended.stderr)
        ended = allot("simulate", "--script", "/")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("--script: cannot read /: Is a directory", ended.stderr)

    def test_files_that_prove_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "file"
            for option, text, reason in (
                    ("--client-certificate", "secret\n", "is not PEM"),
                    ("--client-certificate", make_ca(file.parent)[0].read_text(), "has no RSA key"),
                    ("--federated-token-file", " \r\n", "is empty"),
                    ("--script", '{"throttle": {"per_second": 3, "per_second": 9}}',
                     'the member "per_second" comes twice in one object')):
                file.write_text(text)
                ended = allot("simulate", option, file)
                self.assertEqual(ended.returncode, 2)
                self.assertRegex(ended.stderr, f"^allot: error: {option} {file}: .*{reason}")


if __name__ == "__main__":
    unittest.main()
