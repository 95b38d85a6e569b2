"""The allot command as a client."""
from clients import INSTALLED, TOKEN, Client, allot_version

from simulated import ALLOT


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
