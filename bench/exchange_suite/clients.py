"""What a client is: how it is started, what it needs and which version is there. The programs of bench/peers/ in C++."""
import dataclasses
import pathlib
import shutil
import subprocess

from server import ROOT, has_lua

from simulated import ALLOT, BUILD

# No secret: nginx takes any. Part of a request's size: with it, all send about 400 bytes.
TOKEN = "a-token-that-opens-nothing-" + "x" * 45
ID = "405ee855-dd74-f695-8d7e-be3500000000"
TARGET = f"/beta/admin/cloudLicensing/assignments/{ID}/allotment"
PEERS = ROOT / "bench" / "peers"
INSTALLED = ROOT / "build" / "bench"


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


class BatchPeer(Peer):
    """The server's part of it needs a module."""

    def prepare(self):
        super().prepare()
        if not has_lua():
            raise Unavailable("nginx has no Lua to answer $batch with (Debian's package: libnginx-mod-http-lua)")


def allot_version():
    return output_of(ALLOT, "--version").split()[1]


def openssl_version():
    return output_of("openssl", "version").split()[1]
