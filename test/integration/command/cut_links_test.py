"""A network that goes away in the midst of an audit and comes back: in a network of the test's own, else skipped."""
import json
import select
import subprocess
import unittest

import private_network
from simulated import ALLOT, ENVIRONMENT, login_options, simulator

NETWORK = None


def setUpModule():
    global NETWORK
    NETWORK = private_network.enter()
    unittest.addModuleCleanup(NETWORK.close)


class running:
    """An audit whose rows are read as they come."""

    def __init__(self, said, *options):
        self.process = subprocess.Popen(
            [ALLOT, "audit", *map(str, [said["ids"], *options, *login_options(said)])], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=ENVIRONMENT, bufsize=0)
        self.written = b""

    def read(self, seconds):
        """Whether more came within that time."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return False
        more = self.process.stdout.read(65_536)
        self.written += more
        return bool(more)

    def rows(self):
        return [json.loads(line) for line in self.written.splitlines()]


class cut_links(unittest.TestCase):
    def setUp(self):
        self.addCleanup(NETWORK.link, "up")

    def cut_in_the_midst(self, silent_for, *options):
        """Cuts the link at the 50th row, until nothing has come for so many seconds; returns the run at its end."""
        slow = {"rules": [{"match": {"path": "^/beta/"}, "do": {"delay_ms": 20}}]}
        with simulator(600, slow) as said:
            audit = running(said, "--connections", "4", "--request-timeout", "1s", *options)
            while audit.written.count(b"\n") < 50:
                self.assertTrue(audit.read(30), "no rows")
            NETWORK.link("down")
            while audit.read(silent_for):
                pass
            before = audit.written.count(b"\n")
            self.assertIsNone(audit.process.poll(), "it waits")
            NETWORK.link("up")
            while audit.read(60):
                pass
            error = audit.process.stderr.read().decode()
            audit.process.stderr.close()
            audit.process.stdout.close()
            self.assertEqual(audit.process.wait(timeout=60), 0, error)
        self.assertLess(before, 600)
        rows = audit.rows()
        self.assertEqual(sorted(row["position"] for row in rows), list(range(1, 601)), error)
        self.assertEqual({row["outcome"] for row in rows}, {"ok"}, error)
        return rows

    def test_row_11_a_link_that_is_cut_costs_no_row(self):
        rows = self.cut_in_the_midst(3)
        # Those that were under way were given up after their second, and sent again.
        self.assertGreaterEqual(sum(row["attempts"] > 1 for row in rows), 4)

    def test_row_12_a_link_that_flickers_costs_nothing(self):
        self.cut_in_the_midst(0.2)


if __name__ == "__main__":
    unittest.main()
