"""Clients that are no clients: programs that load a server and decode nothing."""
import math
import re

from clients import TARGET, TOKEN, Client, need_command, output_of

# As the library sends them.
FIELDS = {
    "User-Agent": "bench",
    "Accept": "application/json",
    "Prefer": "include-unknown-enum-members",
    "Authorization": f"Bearer {TOKEN}",
    "client-request-id": "00000000-0000-4000-8000-000000000000",
}


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
