"""Runs commands with secrets that a test knows, and looks for them in all that the commands leave."""
import json
import os
import pathlib
import ssl
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

from markers import TOKEN_START
from simulated import ALLOT, ENVIRONMENT

FORMATS = [["--log-level", "debug", "--log-format", form] for form in ("text", "json")]
# Characters that a form and JSON write otherwise.
WRONG_SECRET = "wrong+secret /of&a=user%20\\\"quoted\"-0123456789abcdef"
WRONG_TOKEN = TOKEN_START + "e30-of-somebody.else-0123456789abcdefghijklmnopqrstuvwxyz"


def issue_token(said, secret):
    """A token of the simulator that the test knows."""
    form = urllib.parse.urlencode({"client_id": said["client_id"], "client_secret": secret,
                                   "grant_type": "client_credentials", "scope": said["graph_url"] + "/.default"})
    trust = ssl.create_default_context(cafile=said["ca_file"])
    with urllib.request.urlopen(said["token_url"], form.encode(), context=trust) as answer:
        return json.load(answer)["access_token"]


class source:
    """One way to give a secret: what goes on the command line, into the environment, and to descriptors."""

    def __init__(self, name, options=(), environment=None, descriptor=None, token_url=None):
        self.name = name
        self.options = list(options)
        self.environment = environment or {}
        self.descriptor = descriptor  # (option, text)
        self.token_url = token_url  # where it asks, if not the simulator


def private_file(path, text):
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def sources_of(said, folder, secret, token):
    """All ways to give a token or a client secret; `folder` may keep their files. `proof_sources` has the other
    sources."""
    who = ["--client-id", said["client_id"], "--tenant", said["tenant"]]
    return [
        source("secret file", ["--client-secret-file", said["client_secret_file"], *who]),
        source("secret variable", environment={
            "AZURE_CLIENT_SECRET": secret, "AZURE_CLIENT_ID": said["client_id"], "AZURE_TENANT_ID": said["tenant"]}),
        source("secret descriptor", who, descriptor=("--client-secret-file", secret)),
        source("token file", ["--token-file", private_file(folder / "token", token)]),
        source("token variable", environment={"ALLOT_TOKEN": token}),
        source("token descriptor", descriptor=("--token-file", token)),
    ]


def known_secrets(said):
    """By what they are: the simulator's client secret, and a token of it."""
    secret = pathlib.Path(said["client_secret_file"]).read_text()
    return {"the client secret": secret, "the token": issue_token(said, secret)}


def where_options(said, using=None):
    """The options that point a command at a simulator, without a login, and at the token endpoint of a source."""
    token_url = (using and using.token_url) or said["token_url"]
    return ["--graph-url", said["graph_url"], "--token-url", token_url, "--ca-file", said["ca_file"]]


class secret_test(unittest.TestCase):
    """A working folder for commands, and a folder around it for what the test keeps."""

    def setUp(self):
        scope = tempfile.TemporaryDirectory()
        self.addCleanup(scope.cleanup)
        self.folder = pathlib.Path(scope.name)
        self.work = self.folder / "work"  # where commands run and may leave files
        self.work.mkdir()

    def start(self, arguments, using, environment=None, stderr=subprocess.PIPE, **options):
        words, descriptors = [ALLOT, *map(str, arguments)], ()
        if using:
            words += map(str, using.options)
            environment = {**using.environment, **(environment or {})}
        if using and using.descriptor:
            option, text = using.descriptor
            read_end, write_end = os.pipe()
            os.write(write_end, text.encode() + b"\n")
            os.close(write_end)
            words += [option, f"fd:{read_end}"]
            descriptors = (read_end,)
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stderr=stderr, cwd=self.work, pass_fds=descriptors,
            env={**ENVIRONMENT, "TMPDIR": str(self.work), **(environment or {})}, **options)
        for each in descriptors:
            os.close(each)
        return process

    def run_command(self, arguments, using=None, environment=None):
        """Runs a command to its end; what it printed joins the files it left."""
        process = self.start(arguments, using, environment, stdout=subprocess.PIPE)
        out, err = process.communicate(timeout=120)
        number = len(list(self.folder.glob("*.out")))
        (self.folder / f"{number}.out").write_bytes(out + b"\n--- standard error ---\n" + err)
        return process.returncode, err.decode()

    def assert_no_markers(self, search, *more):
        """In what was printed, in every file of the working folder, and in `more` files."""
        places = [*self.folder.glob("*.out"), *(path for path in self.work.rglob("*") if path.is_file()), *more]
        for path in places:
            self.assertEqual(search.found_in(path.read_bytes()), [], f"{path} ({path.read_bytes()[:200]!r})")
        return len(places)
