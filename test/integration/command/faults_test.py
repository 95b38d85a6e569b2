"""Audits against a simulator that fails: every row good, none twice, nobody knocks early, the budget holds."""
import email.utils
import subprocess
import time
import unittest
import urllib.parse

from relay import relay
from simulated import ALLOT, ENVIRONMENT, allot, login_options, read_journal, rows_of, simulator


def chance(probability, **deed):
    return {"match": {"path": "^/beta/", "probability": probability}, "do": deed}


MIX = [
    chance(0.04, status=500),
    chance(0.04, status=503),
    chance(0.04, reset=True),
    chance(0.04, close_after_bytes=300, truncate_close_notify=True),
    chance(0.02, close_after_bytes=700),
    chance(0.02, drip_bytes_per_s=20_000),
]


def requests_to_graph(said):
    return [entry for entry in read_journal(said) if entry["target"].startswith("/beta/")]


class faults(unittest.TestCase):
    def audit(self, count, script, *options):
        with simulator(count, script) as said:
            ended = allot("audit", said["ids"], "--strategy", "get", *options, *login_options(said))
            seen = requests_to_graph(said)
        rows = rows_of(ended)
        self.assertEqual(sorted(row["position"] for row in rows), list(range(1, count + 1)), ended.stderr)
        return ended, rows, seen

    def assert_all_good(self, ended, rows):
        self.assertEqual({row["outcome"] for row in rows}, {"ok"}, ended.stderr)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def test_row_10_a_fifth_of_the_requests_fails_in_every_way(self):
        count = 2000
        ended, rows, seen = self.audit(
            count, {"rules": MIX, "throttle": {"per_second": 1500, "burst": 300, "retry_after": 1}})
        self.assert_all_good(ended, rows)
        self.assertEqual([entry for entry in seen if entry["early"]], [])
        seconds = (max(entry["time"] for entry in seen) - min(entry["time"] for entry in seen)) / 1000
        # The budget, and the replays of row 12, which it never refuses.
        resets = sum(entry["rule"] == 2 for entry in seen)
        self.assertLessEqual(len(seen), count * 1.2 + 30 + 5 * seconds + resets)

    def test_row_10_503_to_everything_for_a_while(self):
        # 60 results at once, each of which would come back within milliseconds.
        count, at_once = 300, 60
        ended, rows, seen = self.audit(
            count, {"rules": [{"match": {"path": "^/beta/", "for_s": 6}, "do": {"status": 503}}]},
            "--concurrency", str(at_once), "--max-attempts", "100")
        self.assert_all_good(ended, rows)
        attempts = sorted((entry["time"] / 1000, entry["target"]) for entry in seen)
        known, first = set(), []
        for _, target in attempts:
            first.append(target not in known)
            known.add(target)
        outage = [at for at, entry in zip(attempts, seen) if entry["status"] == 503]
        self.assertGreater(outage[-1][0] - outage[0][0], 3)
        # Results that have begun, and of which no attempt has come yet, have paid in already.
        ahead = 0.2 * at_once
        for begin in range(len(attempts)):
            requests = 0
            for end in range(begin, len(attempts)):
                requests += first[end]
                seconds = attempts[end][0] - attempts[begin][0]
                self.assertLessEqual(end + 1 - begin, 1.2 * requests + 30 + 4.5 * seconds + ahead + 1)

    def test_row_21_clocks_that_are_apart_are_warned_of(self):
        date = email.utils.formatdate(time.time() - 3600, usegmt=True)
        with simulator(3, {"rules": [{"match": {"path": "/token$"}, "do": {"headers": {"Date": date}}}]}) as said:
            for command in (["audit", said["ids"]], ["list"], ["get", said["ids"].read_text().split()[0]]):
                ended = allot(*command, *login_options(said))
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertRegex(ended.stderr, r"clock is \S+ ahead of that of the token endpoint: set it", command)

    def test_row_09_throttled_without_a_hint(self):
        script = {"rules": [{"match": {"path": "^/beta/", "nth": [5]}, "do": {"status": 429}}]}
        ended, rows, seen = self.audit(50, script, "--concurrency", "1")
        self.assert_all_good(ended, rows)
        again = [entry["time"] for entry in seen]
        self.assertGreaterEqual(again[5] - again[4], 1000, "the scope is held for a second")

    def test_a_hold_that_begins_while_others_connect_is_kept(self):
        # The fourth request opens a block while all connections but the first are still being made. There is
        # no grace: whatever comes before the block's end is early.
        script = {"throttle": {"per_second": 5, "burst": 3, "retry_after": 2, "grace_ms": 0, "limit_percentage": False}}
        with simulator(10, script) as said:
            # The token's connection and one for requests.
            between = relay(urllib.parse.urlsplit(said["graph_url"]).port, at_once=2)
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--strategy", "get", "--connections", "8", "--log-level", "info", "--connect-to",
                 f"127.0.0.1:{between.target}:127.0.0.1:{between.port}", *map(str, login_options(said))],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            logged = iter(process.stderr.readline, "")
            self.assertTrue(any("Graph throttles" in line for line in logged))
            between.let_go()
            rows, _ = process.communicate(timeout=60)
            between.close()
            self.assertEqual(process.returncode, 0)
            seen = requests_to_graph(said)
        self.assertEqual(len(rows.splitlines()), 10)
        self.assertGreater(between.accepted, 2)
        self.assertEqual([entry for entry in seen if entry["early"]], [])

    def test_row_05_a_storm_of_401_stops_the_run(self):
        script = {"rules": [{"match": {"path": "^/beta/", "after_s": 0}, "do": {"status": 401}}]}
        with simulator(500, script) as said:
            ended = allot("audit", said["ids"], "--strategy", "get", *login_options(said))
            seen = read_journal(said)
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertEqual([row for row in rows_of(ended) if row["outcome"] == "ok"], [])
        self.assertLess(len(rows_of(ended)), 500)
        self.assertLess(len(seen), 400, "the rest of the input is not asked for")

    def test_row_07_forbidden_everywhere_stops_the_run(self):
        script = {"rules": [{"match": {"path": "^/beta/"}, "do": {"status": 403}}]}
        with simulator(500, script) as said:
            ended = allot("audit", said["ids"], "--strategy", "get", *login_options(said))
            seen = requests_to_graph(said)
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("CloudLicensing.Read", ended.stderr)
        self.assertLess(len(seen), 250)

    def test_row_08_a_hold_of_hours_parks_the_run(self):
        script = {"rules": [{"match": {"path": "^/beta/", "nth": [20]},
                             "do": {"status": 429, "headers": {"Retry-After": "7200"}}}]}
        with simulator(200, script) as said:
            ended = allot("audit", said["ids"], "--strategy", "get", *login_options(said))
            seen = requests_to_graph(said)
        self.assertEqual(ended.returncode, 75, ended.stderr)
        self.assertLess(len(seen), 200)
        self.assertEqual({row["outcome"] for row in rows_of(ended)} - {"ok"}, set())

    def test_row_12_a_stale_connection_costs_no_attempt(self):
        # The server closes each connection after its tenth answer, without saying so.
        script = {"rules": [{"match": {"path": "^/beta/", "every": 10}, "do": {"reset": True}}]}
        ended, rows, seen = self.audit(200, script)
        self.assert_all_good(ended, rows)
        self.assertGreater(len(seen), 200)

    def test_row_13_no_row_from_a_truncated_body(self):
        script = {"rules": [{"match": {"path": "^/beta/", "every": 3},
                             "do": {"close_after_bytes": 900, "truncate_close_notify": True}}]}
        ended, rows, seen = self.audit(60, script)
        self.assert_all_good(ended, rows)
        self.assertGreater(len(seen), 60)

    def test_row_26_findings_are_not_failures(self):
        script = {"rules": [
            {"match": {"path": "^/beta/", "nth": [1]}, "do": {"status": 404}},
            {"match": {"path": "^/beta/", "nth": [2]}, "do": {"status": 204}},
            {"match": {"path": "^/beta/", "nth": [3]},
             "do": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": '{"value":null}'}},
            {"match": {"path": "^/beta/", "nth": [4]},
             "do": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": ""}}]}
        ended, rows, _ = self.audit(10, script, "--concurrency", "1")
        outcomes = sorted(row["outcome"] for row in rows)
        self.assertEqual(outcomes, sorted(["not_found", "none", "none", "bad_body"] + ["ok"] * 6))

    def test_row_28_a_portal_is_no_allotment(self):
        for body, content_type in (("<html></html>", "text/html"), ('{"hello":1}', "application/json"),
                                   ("[]", "application/json"), ('{"error":{}}', "application/json")):
            script = {"rules": [{"match": {"path": "^/beta/", "nth": [1]},
                                 "do": {"status": 200, "headers": {"Content-Type": content_type}, "body": body}}]}
            ended, rows, _ = self.audit(3, script)
            self.assertEqual(sorted(row["outcome"] for row in rows), ["bad_body", "ok", "ok"], body)
            self.assertEqual(ended.returncode, 1)

    def test_a_token_that_expires_on_the_way_loses_no_row(self):
        ended, rows, seen = self.audit(300, {"token_lifetime_s": 1}, "--rate", "150")
        self.assert_all_good(ended, rows)


if __name__ == "__main__":
    unittest.main()
