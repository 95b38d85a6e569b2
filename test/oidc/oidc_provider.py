"""Starts provider.mjs with certificates made for it, and asks it what it has seen."""
import contextlib
import http.client
import json
import pathlib
import select
import ssl
import subprocess
import tempfile
import urllib.parse

import node_packages
from certificates import make_ca, make_client_certificate, make_leaf
from simulated import BUILD, ROOT, allot

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = BUILD / "test" / "oidc"
ALLOTMENT = ROOT / "test" / "fixtures" / "graph" / "allotment-for-assignment.json"
# Everything that a form or a URL has another meaning for, and a text that looks encoded already.
SECRET = "a+b /c&d=e%f %20+%2B"
SECRET_CLIENT = "secret-client"
CERTIFICATE_CLIENT = "certificate-client"
# A second name of the server in its certificate; the provider does not know it as its own.
OTHER_NAME = "tokens.example"
START_SECONDS = 60


def need_packages():
    """Skips the test where there is no Node.js or no way to its packages."""
    tools = node_packages.need("node", "npm")
    node_packages.install(tools["npm"], HERE, PACKAGES)


class oidc_provider:
    """A running provider: `url`, `token_url`, and the files of those who speak to it."""

    def __init__(self, folder):
        self.folder = folder
        ca = make_ca(folder)
        self.ca_file = ca[0]
        self.certificate, self.key = make_leaf(
            folder, ca, subject_alternative_name=f"DNS:localhost,DNS:{OTHER_NAME},IP:127.0.0.1")
        self.client_pem, self.client_certificate, self.client_key = make_client_certificate(folder)
        self.secret_file = folder / "secret"
        self.secret_file.write_text(SECRET)
        self.secret_file.chmod(0o600)
        self.tls = ssl.create_default_context(cafile=str(self.ca_file))

    def command(self, token_lifetime):
        return [node_packages.need("node")["node"], HERE / "provider.mjs", "--packages", PACKAGES,
                "--certificate", self.certificate, "--key", self.key, "--secret-file", self.secret_file,
                "--client-certificate", self.client_certificate, "--allotment", ALLOTMENT,
                "--token-lifetime", str(token_lifetime)]

    def listens_on(self, port):
        self.port = port
        self.url = f"https://localhost:{port}"
        self.token_url = self.url + "/token"
        self.scope = self.url + "/.default"

    def ask(self, method, target, body=None, **fields):
        """Status and JSON of one answer."""
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=30, context=self.tls)
        with contextlib.closing(connection):
            connection.request(method, target, body, fields)
            answered = connection.getresponse()
            return answered.status, json.loads(answered.read())

    def ask_token(self, host=None, **fields):
        """Asks for a token with these fields of the form, beside those that every request has."""
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": self.scope, **fields})
        named = {"host": host} if host else {}
        return self.ask("POST", "/token", form, content_type="application/x-www-form-urlencoded", **named)

    def ask_graph(self, token):
        return self.ask("GET", "/beta/admin/cloudLicensing/assignments/a-1/allotment", authorization="Bearer " + token)

    def stats(self):
        return self.ask("GET", "/stats")[1]

    def last_token_error(self):
        """What the provider had against the last token request that it refused; clients are told less."""
        return self.stats()["token_errors"][-1]["detail"]

    def assertions(self):
        return self.ask("GET", "/assertions")[1]

    @contextlib.contextmanager
    def clock_ahead(self, seconds):
        self.ask("POST", f"/clock?ahead={seconds}")
        try:
            yield
        finally:
            self.ask("POST", "/clock")

    def audit(self, ids, *arguments, token_url=None, environment=None):
        """Audits assignments at the Graph beside the provider."""
        return allot("audit", "-", "--graph-url", self.url, "--token-url", token_url or self.token_url,
                     "--ca-file", self.ca_file, *arguments, stdin="".join(name + "\n" for name in ids),
                     environment=environment, timeout=120)


@contextlib.contextmanager
def running_provider(token_lifetime):
    """`token_lifetime` in seconds. The process ends with the block, or with this one."""
    with tempfile.TemporaryDirectory() as name:
        made = oidc_provider(pathlib.Path(name))
        with open(made.folder / "provider.log", "w+") as log:
            process = subprocess.Popen(
                made.command(token_lifetime), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
            try:
                readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
                line = process.stdout.readline() if readable else ""
                if not line:
                    log.seek(0)
                    raise RuntimeError("the OpenID provider did not start: " + log.read())
                made.listens_on(json.loads(line)["port"])
                yield made
            finally:
                process.kill()
                process.communicate()
