"""Names with several addresses, some of them dead, and name servers that fail: in a network of the test's own."""
import signal
import subprocess
import time
import unittest
import urllib.parse

import private_network
from name_server import serving
from simulated import ALLOT, ENVIRONMENT, allot, login_options, rows_of, simulator

NETWORK = None


def setUpModule():
    global NETWORK
    NETWORK = private_network.enter()
    unittest.addModuleCleanup(NETWORK.close)


def by_name(said, name="graph.test"):
    """Options that reach the simulator by a name; TLS verifies the host of its URL all the same."""
    port = urllib.parse.urlsplit(said["graph_url"]).port
    return ["--connect-to", f"127.0.0.1:{port}:{name}:{port}", *login_options(said)]


def with_token(said, name):
    """The same with a token at hand, so that nothing but Graph is asked."""
    port = urllib.parse.urlsplit(said["graph_url"]).port
    (said["folder"] / "token").touch(mode=0o600)
    (said["folder"] / "token").write_text("dummy-token")
    return ["--connect-to", f"127.0.0.1:{port}:{name}:{port}", "--graph-url", said["graph_url"], "--ca-file",
            said["ca_file"], "--token-file", said["folder"] / "token", "--max-attempts", "1"]


class addresses(unittest.TestCase):
    def setUp(self):
        NETWORK.hosts("127.0.0.1 localhost\n")
        NETWORK.resolver("nameserver 127.0.0.1\noptions timeout:30 attempts:5\n")

    def assert_all_good(self, ended, count):
        self.assertEqual([row["outcome"] for row in rows_of(ended)], ["ok"] * count, ended.stderr)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def test_row_20_broken_ipv6_costs_a_moment(self):
        NETWORK.hosts(f"{private_network.SILENT_IPV6} graph.test\n127.0.0.1 graph.test\n")
        with simulator(40) as said:
            start = time.monotonic()
            ended = allot("audit", said["ids"], "--connections", "8", *by_name(said))
            seconds = time.monotonic() - start
        self.assert_all_good(ended, 40)
        # The connection for the token and the first for requests wait 250 ms each, not the half of 10 s.
        self.assertLess(seconds, 5)

    def test_row_19_all_addresses_are_tried(self):
        NETWORK.hosts(f"127.0.0.2 graph.test\n127.0.0.3 graph.test\n{private_network.SILENT_IPV4} graph.test\n"
                      "127.0.0.1 graph.test\n")
        with simulator(10) as said:
            ended = allot("audit", said["ids"], *by_name(said))
        self.assert_all_good(ended, 10)

    def test_row_19_an_error_names_each_address(self):
        NETWORK.hosts(f"{private_network.SILENT_IPV6} graph.test\n127.0.0.2 graph.test\n")
        with simulator(1) as said:
            ended = allot("audit", said["ids"], *with_token(said, "graph.test"))
            port = urllib.parse.urlsplit(said["graph_url"]).port
        message = ended.stdout + ended.stderr
        self.assertIn(f"[{private_network.SILENT_IPV6}]:{port} (no answer)", message)
        self.assertIn(f"127.0.0.2:{port} (Connection refused)", message)

    def test_row_19_rotating_names_are_followed(self):
        with simulator(10) as said, serving("127.0.0.1", [["127.0.0.2"], ["127.0.0.3"], ["127.0.0.1"]]) as names:
            ended = allot("audit", said["ids"], *by_name(said))
        self.assert_all_good(ended, 10)
        self.assertEqual(names.lookups, 3, "one for each answer: it is kept while it works")

    def test_row_19_one_silent_name_server_does_not_use_up_the_time(self):
        NETWORK.resolver("nameserver 127.0.0.1\nnameserver 127.0.0.2\noptions timeout:1\n")
        with simulator(10) as said, serving("127.0.0.1", None) as silent, serving("127.0.0.2", [["127.0.0.1"]]):
            ended = allot("audit", said["ids"], *by_name(said))
            self.assertTrue(silent.asked.is_set())
        self.assert_all_good(ended, 10)

    def test_row_19_a_name_that_does_not_exist_is_named(self):
        with simulator(1) as said, serving("127.0.0.1", [[]]):
            ended = allot("audit", said["ids"], *with_token(said, "gone.test"))
        self.assertIn("looking up gone.test: Host not found", ended.stdout + ended.stderr)

    def test_row_19_silent_name_servers_end_with_the_deadline_and_hold_up_nothing(self):
        with simulator(1) as said, serving("127.0.0.1", None):
            # The system's resolver goes on for minutes; the command does not wait for it.
            ended = allot("audit", said["ids"], *with_token(said, "silent.test"), timeout=60)
        message = ended.stdout + ended.stderr
        self.assertIn("looking up silent.test: no answer within the deadline", message)
        self.assertIn("/etc/resolv.conf", message)
        self.assertEqual(ended.returncode, 1, message)

    def test_row_19_a_signal_ends_the_command_while_a_lookup_hangs(self):
        with simulator(1) as said, serving("127.0.0.1", None) as silent:
            process = subprocess.Popen(
                [ALLOT, "audit", *map(str, [said["ids"], *with_token(said, "silent.test")])],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            self.assertTrue(silent.asked.wait(30))
            process.send_signal(signal.SIGINT)
            # The look-up's deadline is 10 s away: only the second signal ends the command earlier.
            self.assertTrue(any("once more stops at once" in line for line in process.stderr))
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=8)
        self.assertEqual(process.returncode, 130)


if __name__ == "__main__":
    unittest.main()
