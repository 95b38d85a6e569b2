"""The clients that are measured: what each is, how it is started, what it needs and which version is there."""
import contextlib
import dataclasses
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys

from server import ROOT

import node_packages
from simulated import ALLOT, BUILD

# No secret: nginx takes any. Part of a request's size: with it, all send about 400 bytes.
TOKEN = "a-token-that-opens-nothing-" + "x" * 45
ID = "405ee855-dd74-f695-8d7e-be3500000000"
TARGET = f"/beta/admin/cloudLicensing/assignments/{ID}/allotment"
# As the library sends them.
FIELDS = {
    "User-Agent": "bench",
    "Accept": "application/json",
    "Prefer": "include-unknown-enum-members",
    "Authorization": f"Bearer {TOKEN}",
    "client-request-id": "00000000-0000-4000-8000-000000000000",
}
PEERS = ROOT / "bench" / "peers"
INSTALLED = ROOT / "build" / "bench"


BARE_NOTE = "is sent the allotment without the envelope `value`, of which the generated models know nothing"


class Unavailable(Exception):
    """A client cannot be run here; says why."""


@dataclasses.dataclass
class Job:
    url: str
    ca_file: pathlib.Path
    connections: int
    warm_up: float
    seconds: float

    @property
    def arguments(self):
        return [self.url, self.ca_file, self.connections, self.warm_up, self.seconds]


def output_of(*command):
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ended.stdout.strip()


def need_command(name, package):
    if shutil.which(name) is None:
        raise Unavailable(f"{name} is not installed (Debian's package: {package})")


class Client:
    """A program that takes a job and says what it counted. `name` is what --clients takes."""

    decodes = True
    verifies = True
    # Who counts: the program itself, from the end of its warm-up on; the server, over the same time; or it is the
    # whole run of the program that counts.
    counted = "itself"
    warm_up = 0  # seconds, where it needs more than the suite gives
    note = ""

    def __init__(self, name, title):
        self.name = name
        self.title = title

    def prepare(self):
        """Installs what is missing. Raises Unavailable."""

    def version(self):
        raise NotImplementedError

    def command(self, job):
        raise NotImplementedError

    def check(self, said, job):
        """What is wrong with the answers that it got, where its exit code does not tell; nothing if all is right."""

    environment = {"BENCH_TOKEN": TOKEN}


class Peer(Client):
    """A program of bench/peers/ in C++."""

    def __init__(self, name, title, program, decodes=True, version=lambda: ""):
        super().__init__(name, title)
        self.program = BUILD / "bench" / f"bench_peer_{program}"
        self.decodes = decodes
        self.version = version

    def prepare(self):
        if not self.program.exists():
            raise Unavailable(f"{self.program.name} is not built: CMake did not find its library")

    def command(self, job):
        return [self.program, *job.arguments]


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

    def version(self):
        package = json.loads((self.folder / "node_modules" / self.package / "package.json").read_text())
        return f"{package['version']} on Node.js {output_of('node', '--version').lstrip('v')}"

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


class LoadGenerator(Client):
    """A program that is not ours."""

    decodes = False
    verifies = False
    counted = "by the server"
    note = "decodes nothing, and cannot verify the server's certificate"

    def fields(self):
        return [word for name, value in FIELDS.items() for word in ("-H", f"{name}: {value}")]


class Wrk(LoadGenerator):
    def prepare(self):
        need_command("wrk", "wrk")

    def version(self):
        return re.search(r"wrk (?:debian/)?(\S+)", output_of("wrk", "--version"))[1]

    def command(self, job):
        seconds = math.ceil(job.warm_up + job.seconds)
        return ["wrk", "--threads", "1", "--connections", job.connections, "--duration", f"{seconds}s",
                *self.fields(), job.url + TARGET]

    def check(self, said, job):
        if "Non-2xx" in said or "Socket errors" in said:
            return "wrk got wrong answers:\n" + said
        return ""


class H2load(LoadGenerator):
    def __init__(self, name, title, options):
        super().__init__(name, title)
        self.options = options

    def prepare(self):
        need_command("h2load", "nghttp2-client")

    def version(self):
        return re.search(r"nghttp2/(\S+)", output_of("h2load", "--version"))[1]

    def command(self, job):
        milliseconds = round((job.warm_up + job.seconds) * 1000)
        return ["h2load", *self.options, "--threads", "1", "--clients", job.connections, "--max-concurrent-streams", "1",
                "--duration", f"{milliseconds}ms", *self.fields(), job.url + TARGET]

    def check(self, said, job):
        if not re.search(r"status codes: [1-9]\d* 2xx, 0 3xx, 0 4xx, 0 5xx", said) or " 0 failed, 0 errored" not in said:
            return "h2load got wrong answers:\n" + said
        return ""


class Audit(Client):
    """The whole command: reads ids, writes rows, with all that it does beside."""

    counted = "as a whole"

    def prepare(self):
        self.folder = INSTALLED / "audit"
        self.folder.mkdir(parents=True, exist_ok=True)

    def version(self):
        return allot_version()

    @staticmethod
    def answers(job):
        # So many that the start does not count.
        return round(job.seconds * min(50_000, 8_000 * job.connections))

    def command(self, job):
        ids, self.rows = self.folder / "ids.txt", self.folder / "rows.ndjson"
        ids.write_text("".join(f"405ee855-dd74-f695-8d7e-be35{number:08x}\n" for number in range(self.answers(job))))
        return [ALLOT, "audit", ids, "--output", self.rows, "--connections", job.connections, "--progress", "always",
                "--graph-url", job.url, "--ca-file", job.ca_file]

    environment = {"ALLOT_TOKEN": TOKEN}

    def check(self, said, job):
        rows = self.rows.read_text()
        self.rows.unlink()
        good = rows.count('"outcome":"ok"'), rows.count('"id":"551f1755-0184-9e51-0bc7-f32bae5a1afb"')
        if good != (self.answers(job),) * 2:
            return (f"allot audit got wrong answers: {good[0]} good rows and {good[1]} right allotments for "
                    f"{self.answers(job)} assignments")
        return ""


def allot_version():
    return output_of(ALLOT, "--version").split()[1]


def openssl_version():
    return output_of("openssl", "version").split()[1]


def all_clients():
    """In the order of the table."""
    return [
        Peer("bare", "bare SSL_write/SSL_read", "bare", decodes=False, version=openssl_version),
        Wrk("wrk", "wrk"),
        H2load("h2load-h1", "h2load, HTTP/1.1", ["--h1"]),
        H2load("h2load-h2", "h2load, HTTP/2", []),
        Peer("allot", "allot's library", "library", version=allot_version),
        Peer("loop", "allot's io layer alone", "loop", version=allot_version),
        Peer("libcurl", "libcurl multi, Boost.JSON", "curl", version=lambda: output_of("curl-config", "--version").split()[-1]),
        # The compilers of Node.js need their time.
        NodePeer("undici", "undici, JSON.parse", "undici", 2),
        NodePeer("msgraph-ts", "msgraph-beta-sdk, TypeScript", "@microsoft/msgraph-beta-sdk", 5, BARE_NOTE),
        GoPeer("msgraph-go", "msgraph-beta-sdk, Go"),
        Audit("audit", "allot audit, NDJSON to a file"),
    ]
