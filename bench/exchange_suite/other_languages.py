"""Clients for Node.js and Go: their packages are fetched, and compiled, where the toolchain is there."""
import contextlib
import json
import re
import shutil
import subprocess
import sys

from clients import INSTALLED, PEERS, Client, Unavailable, need_command, output_of

import node_packages

BARE_NOTE = "is sent the allotment without the envelope `value`, of which the generated models know nothing"


def numbers(version):
    return [int(each) for each in re.findall(r"\d+", version)]


class NodePeer(Client):
    """A script of bench/peers/node/."""

    def __init__(self, name, title, package, warm_up, note=""):
        super().__init__(name, title)
        self.package = package
        self.warm_up = warm_up
        self.note = note
        self.folder = INSTALLED / "node"

    def prepare(self):
        with contextlib.redirect_stdout(sys.stderr):
            try:
                tools = node_packages.need("node", "npm")
                node_packages.install(tools["npm"], PEERS / "node", self.folder)
            except SystemExit as ended:
                raise Unavailable("Node.js, npm or their packages cannot be had") from ended
        for script in (PEERS / "node").glob("*.mjs"):
            shutil.copy(script, self.folder)
        wanted = numbers(self.described().get("engines", {}).get("node", ""))
        if numbers(self.node()) < wanted:
            raise Unavailable(f"{self.package} needs Node.js {'.'.join(map(str, wanted))}, and {self.node()} is installed")

    @staticmethod
    def node():
        return output_of("node", "--version").lstrip("v")

    def described(self):
        return json.loads((self.folder / "node_modules" / self.package / "package.json").read_text())

    def version(self):
        return f"{self.described()['version']} on Node.js {self.node()}"

    def command(self, job):
        self.environment = {**Client.environment, "NODE_EXTRA_CA_CERTS": str(job.ca_file), "NODE_ENV": "production"}
        return ["node", self.folder / f"{self.name.replace('-', '_')}.mjs", *job.arguments]


class GoPeer(Client):
    """The program of bench/peers/go/."""

    source = PEERS / "go"
    program = INSTALLED / "go" / "msgraph"
    note = BARE_NOTE + "; speaks HTTP/2, as its HTTP client does where the server offers it"

    def go(self, *words):
        return subprocess.run(["go", *words], cwd=self.source, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def prepare(self):
        need_command("go", "golang")
        fetched = self.go("mod", "download")
        if fetched.returncode != 0:
            raise Unavailable("Go's modules cannot be had: " + fetched.stderr.strip().splitlines()[-1])
        print("compiling msgraph-beta-sdk-go: some minutes the first time", file=sys.stderr)
        built = self.go("build", "-o", self.program, ".")
        if built.returncode != 0:
            sys.exit("go build failed:\n" + built.stderr)

    def version(self):
        module = re.search(r"msgraph-beta-sdk-go v(\S+)", (self.source / "go.mod").read_text())[1]
        return f"{module} on Go {output_of('go', 'env', 'GOVERSION').removeprefix('go')}"

    def command(self, job):
        self.environment = {**Client.environment, "SSL_CERT_FILE": str(job.ca_file)}
        return [self.program, *job.arguments]
