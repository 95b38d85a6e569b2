"""`allot whoami`: what it says is what the source that worked has used, and what it takes a run would take."""
import json
import pathlib
import tempfile
import unittest

from azure_cli import azure_cli, token_answer
from managed_identity import imds
from proof_sources import proof_sources
from secret_runs import known_secrets
from simulated import allot, login_options, simulator
from token_desk import token_desk

# What a machine may have set for another tool.
SOMEBODY_ELSE = {"AZURE_CLIENT_ID": "somebody-else", "AZURE_TENANT_ID": "elsewhere.example"}
UNKNOWN = "not known before --roles reads the token"
TOKEN = "a.token-of.nobody"


class whoami(unittest.TestCase):
    def setUp(self):
        scope = tempfile.TemporaryDirectory()
        self.addCleanup(scope.cleanup)
        self.folder = pathlib.Path(scope.name)

    def said(self, *options, environment=None):
        ended = allot("whoami", *options, environment=environment)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def assert_who(self, tenant, client, *options, environment):
        text = self.said(*options, environment=environment)
        self.assertIn(f"\ntenant    {tenant or UNKNOWN}\n", text)
        self.assertIn(f"\nclient    {client or UNKNOWN}\n", text)
        read = json.loads(self.said(*options, "--json", environment=environment))
        self.assertEqual((read["tenant"], read["clientId"]), (tenant, client))
        return read["source"]

    def assert_refused(self, text, *options, environment):
        ended = allot("whoami", *options, environment=environment)
        self.assertEqual((ended.returncode, ended.stdout), (3, ""), ended.stderr)
        self.assertIn(text, ended.stderr)

    def test_a_given_token_has_no_client_of_the_environment(self):
        self.assert_who(None, None, environment={"ALLOT_TOKEN": TOKEN, **SOMEBODY_ELSE})

    def test_the_azure_cli_has_a_client_of_its_own(self):
        programs = azure_cli(self.folder, token_answer(self.folder, TOKEN))
        self.assert_who(None, None, "--auth", "cli", environment={**programs, "AZURE_CLIENT_ID": "somebody-else"})
        source = self.assert_who(
            "elsewhere.example", None, "--auth", "cli", environment={**programs, **SOMEBODY_ELSE})
        self.assertEqual(source, "Azure CLI, tenant elsewhere.example")

    def test_an_application_has_the_tenant_that_was_asked(self):
        with simulator(1) as said:
            options = login_options(said)
            at = options.index("--tenant")
            del options[at:at + 2]
            self.assert_who(said["tenant"], said["client_id"], *options, environment=SOMEBODY_ELSE)

    def test_of_the_sources_that_a_machine_has_the_one_that_worked_counts(self):
        programs = azure_cli(self.folder, token_answer(self.folder, TOKEN))
        with imds(identity={"client_id": "somebody-else"}) as service:
            source = self.assert_who(
                None, "somebody-else", environment={**programs, **SOMEBODY_ELSE, **service.environment})
            self.assertIn("managed identity", source)
        gone = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": service.url}
        source = self.assert_who("elsewhere.example", None, environment={**programs, **SOMEBODY_ELSE, **gone})
        self.assertIn("Azure CLI", source)

    def test_a_token_that_no_run_takes_is_refused(self):
        self.assert_refused("no bearer token", environment={"ALLOT_TOKEN": "a b c"})
        expired = azure_cli(self.folder, token_answer(self.folder, TOKEN, lifetime=-60))
        self.assert_refused("it had expired when it came", "--auth", "cli", environment=expired)

    def test_no_source_at_all(self):
        nobody = azure_cli(self.folder, "echo \"Please run 'az login'\" >&2; exit 1")
        self.assert_refused("nobody is signed in", "--auth", "cli", environment=nobody)

    def test_the_request_is_that_of_a_run(self):
        with token_desk(self.folder, TOKEN) as desk:
            options = ["--token-url", desk.token_url, "--ca-file", desk.ca_file, "--client-id", "app"]
            for cae in ([], ["--cae"]):
                self.said(*options, *cae, environment={"AZURE_CLIENT_SECRET": "marker"})
            plain, declared = desk.forms
        self.assertNotIn("claims", plain)
        self.assertEqual(json.loads(declared["claims"]), {"access_token": {"xms_cc": {"values": ["cp1"]}}})

    def test_a_key_that_others_can_read_is_warned_of_whatever_names_it(self):
        with simulator(1) as said:
            token = known_secrets(said)["the token"]
            with proof_sources(said, self.folder, token) as proofs:
                self.warns(said, proofs.sources[1])

    def warns(self, said, using):
        """`using` is a certificate that the environment names."""
        key = pathlib.Path(using.environment["AZURE_CLIENT_CERTIFICATE_PATH"])
        first = said["ids"].read_text().split()[0]
        where = ["--graph-url", said["graph_url"], "--token-url", using.token_url, "--ca-file", said["ca_file"]]
        for command in (["whoami"], ["get", first], ["list"], ["audit", said["ids"]], ["plan", "--all"],
                        ["audit", said["ids"], "--store", self.folder / "audit.db"]):
            for mode in (0o600, 0o644):
                key.chmod(mode)
                ended = allot(*command, *using.options, *where, environment=using.environment)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                warning = f"AZURE_CLIENT_CERTIFICATE_PATH {key} has mode 0644"
                self.assertEqual(ended.stderr.count(warning), mode == 0o644, (command, ended.stderr))


if __name__ == "__main__":
    unittest.main()
