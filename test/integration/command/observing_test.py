"""What programs see of a run: log lines as JSON, metrics for Prometheus, and the trace that requests belong to."""
import collections
import json
import re
import socket
import subprocess
import unittest

from simulated import ALLOT, ENVIRONMENT, allot, login_options, read_journal, rows_of, simulator

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"


def rule(nth, deed):
    return {"match": {"path": "/allotment$", "nth": nth}, "do": deed}


def faults(throttled):
    """A failure that can pass, one that cannot, a lost connection, and a throttle, late: what comes behind it is slow."""
    return [rule([3], {"status": 500}), rule([5], {"status": 400}), rule([7], {"reset": True}),
            rule([throttled], {"status": 429, "headers": {"Retry-After": "1"}})]


CALM = ["--strategy", "get", "--concurrency", "1", "--connections", "1"]


def graph_requests(said):
    return [entry for entry in read_journal(said) if "/cloudLicensing/" in entry["target"]]


def field(entry, name):
    """The values of a field of a request in the journal, which has one alone as it is."""
    values = next((value for key, value in entry["fields"].items() if key.lower() == name), [])
    return values if isinstance(values, list) else [values]


class json_log(unittest.TestCase):
    def test_every_line_is_an_object_with_the_ids_that_are_known(self):
        with simulator(20, {"rules": faults(throttled=20)}) as said:
            ended = allot("audit", said["ids"], *CALM, *login_options(said), "--log-level", "debug", "--log-format",
                          "json")
            self.assertEqual(ended.returncode, 1, ended.stderr)
            sent = [field(entry, "client-request-id")[0] for entry in graph_requests(said)]
        lines = [json.loads(line) for line in ended.stderr.splitlines()]
        for line in lines:
            self.assertRegex(line["time"], TIME)
            self.assertIn(line["level"], ("error", "warning", "info", "debug"))
            self.assertIsInstance(line["message"], str)
        events = collections.defaultdict(list)
        for line in lines:
            events[line.get("event")].append(line)
        started, finished = events["request_started"], events["request_finished"]
        self.assertEqual([line["client_request_id"] for line in started], sent)
        self.assertEqual([line["client_request_id"] for line in finished], sent)
        for line in finished:
            self.assertRegex(line["client_request_id"], UUID)
            self.assertIn(line["assignmentId"], line["path"])
            self.assertEqual("request_id" in line, "status" in line, line)
        self.assertEqual(collections.Counter(line.get("status", line.get("error")) for line in finished),
                         {200: 19, 500: 1, 400: 1, 429: 1, "connection_lost": 1})
        self.assertEqual([(line["cause"], line["error"]) for line in events["request_retried"]],
                         [("failure", "server_error"), ("stale_connection", "connection_lost"),
                          ("failure", "throttled")])
        held, = events["gate_held"]
        self.assertEqual((held["level"], held["status"], held["retry_after_ms"]), ("info", 429, 1000))
        self.assertIn(held["client_request_id"], sent)
        self.assertRegex(held["request_id"], UUID)
        self.assertEqual(len(events["gate_released"]), 1)
        self.assertEqual([line["resumed"] for line in events["connection_opened"]], [False, True])
        self.assertEqual([line["cause"] for line in events["connection_closed"]], ["failed"])
        self.assertEqual(len(events["token_taken"]), 1)
        bad, = events["error_row"]
        row, = [row for row in rows_of(ended) if row["outcome"] == "failed"]
        self.assertEqual((bad["position"], bad["request_id"], bad["client_request_id"]),
                         (row["position"], row["requestId"], row["clientRequestId"]))
        summary, = [line for line in lines if "summary" in line]
        self.assertIsInstance(summary["summary"], dict)

    def test_a_failed_get_has_them_too(self):
        with simulator(1, {"rules": [rule([1], {"status": 400})]}) as said:
            found = said["ids"].read_text().split()[0]
            ended = allot("get", found, *login_options(said), "--log-format", "json")
        self.assertEqual(ended.returncode, 1, ended.stderr)
        line, = map(json.loads, ended.stderr.splitlines())
        self.assertRegex(line["request_id"], UUID)
        self.assertRegex(line["client_request_id"], UUID)
        self.assertEqual((line["level"], line["status"], line["error"]), ("error", 400, "request_rejected"))

    def test_what_ends_a_command_is_an_object_too(self):
        with simulator(1) as said:
            for command, code in ((["list", "-o", "/dev/full"], 4), (["audit", "/nonexistent"], 2),
                                  (["audit", said["ids"], "--store", "/nonexistent/a.db"], 4),
                                  (["list", "--metrics-listen", "192.0.2.1:0"], 2)):
                ended = allot(*command, *login_options(said), "--log-format", "json")
                self.assertEqual(ended.returncode, code, ended.stderr)
                line, = map(json.loads, ended.stderr.splitlines())
                self.assertRegex(line["time"], TIME)
                self.assertEqual(line["level"], "error")

    def test_levels(self):
        with simulator(5, {"rules": [rule([1], {"status": 400})]}) as said:
            for level, wanted in (("off", set()), ("error", set()), ("warning", {None}), ("info", {None})):
                ended = allot("audit", said["ids"], *login_options(said), "--log-level", level, "--log-format", "json")
                self.assertEqual({json.loads(line).get("event") for line in ended.stderr.splitlines()}, wanted, level)
            failed = allot("get", "nobody", *login_options(said), "--log-level", "off")
            self.assertEqual((failed.returncode, failed.stdout, failed.stderr), (1, "", ""))


class metrics(unittest.TestCase):
    def scraped(self, url):
        ended = subprocess.run(["curl", "-sSi", "--noproxy", "*", url], capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        head, body = re.split(r"\r?\n\r?\n", ended.stdout, maxsplit=1)
        self.assertRegex(head, r"^HTTP/1\.1 200 ")
        self.assertRegex(head, r"(?i)content-type: text/plain\b")
        samples = [line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in samples}

    def scraped_run(self, rows, stored):
        """The metrics of an audit whose last request has no answer yet, and what the simulator saw of the others."""
        made = faults(throttled=rows)
        stuck = rule([len(made) + rows + 1], {"delay_ms": 600_000})
        with simulator(rows + 2, {"rules": made + [stuck]}) as said:
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], *CALM, "-o", said["folder"] / "rows", "--metrics-listen", "127.0.0.1:0",
                 *map(str, login_options(said)), *(["--store", said["folder"] / "audit.db"] if stored else [])],
                stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            try:
                url = re.search(r"http://127\.0\.0\.1:\d+/metrics", process.stderr.readline())[0]
                seen = {}
                while (seen.get("allot_requests_in_flight") != 1
                       or sum(value for name, value in seen.items() if name.startswith("allot_rows")) < rows + 1):
                    self.assertIsNone(process.poll(), "the audit must not end")
                    seen = self.scraped(url)
                journal = collections.Counter(entry["status"] or "none" for entry in graph_requests(said))
                journal[200] -= 1  # noted when it came
                return seen, journal
            finally:
                process.kill()
                process.communicate(timeout=60)

    def test_counts_are_those_of_the_simulator(self):
        for stored in (False, True):
            seen, journal = self.scraped_run(30, stored)
            by_status = collections.Counter()
            for name, value in seen.items():
                if found := re.match(r'allot_requests_total\{error="\w+",status="(\w+)"\}', name):
                    by_status[found[1]] += value
            self.assertEqual(by_status, {str(status): count for status, count in journal.items()})
            self.assertEqual(seen['allot_rows_total{outcome="ok"}'], 30)
            self.assertEqual(seen['allot_rows_total{outcome="failed"}'], 1)
            self.assertEqual(seen['allot_request_retries_total{cause="failure",error="throttled"}'], 1)
            self.assertEqual(seen["allot_throttled_total"], 1)
            self.assertEqual(seen["allot_gate_holds_total"], 1)
            self.assertEqual(seen["allot_gate_held"], 0)
            self.assertGreaterEqual(round(seen["allot_gate_held_seconds_total"], 6), 1)
            self.assertEqual(seen['allot_connections_opened_total{resumed="false"}'], 1)
            self.assertEqual(seen['allot_connections_opened_total{resumed="true"}'], 1)
            self.assertEqual(seen['allot_connections_closed_total{cause="failed"}'], 1)
            self.assertEqual(seen["allot_connections_open"], 1)
            self.assertEqual(seen["allot_request_duration_seconds_count"], sum(by_status.values()))

    def test_bad_addresses_are_refused(self):
        for value in ("9090", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:x", "example.com:80", "::1:80", "1.2.3.4:80r",
                      "127.0.0.1:1,127.0.0.1:2", ""):
            ended = allot("audit", "ids", "--metrics-listen", value)
            self.assertEqual(ended.returncode, 2, value)
            self.assertIn("--metrics-listen", ended.stderr)
            self.assertIn("must be ADDR:PORT", ended.stderr)

    def test_an_ipv6_address_is_listened_at_or_refused_with_the_reason(self):
        with simulator(1) as said:
            ended = allot("list", *login_options(said), "--metrics-listen", "[::1]:0")
        if ended.returncode == 0:
            self.assertRegex(ended.stderr, r"metrics at http://\[::1\]:\d+/metrics")
        else:
            self.assertEqual(ended.returncode, 2)
            self.assertIn("--metrics-listen: has an IPv6 address, which CivetWeb was built without", ended.stderr)

    def test_a_port_in_use_and_an_address_elsewhere_are_told(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, simulator(1) as said:
            for where, why in ((f"127.0.0.1:{taken.getsockname()[1]}", "in use"), ("192.0.2.1:0", "assign")):
                for command in (["audit", said["ids"]], ["list"]):
                    ended = allot(*command, *login_options(said), "--metrics-listen", where)
                    self.assertEqual((ended.returncode, ended.stdout), (2, ""), ended.stderr)
                    self.assertIn(f"--metrics-listen {where}: ", ended.stderr)
                    self.assertIn(why, ended.stderr)
            self.assertEqual(read_journal(said), [])


class traces(unittest.TestCase):
    def test_every_request_belongs_to_the_trace_of_the_caller(self):
        with simulator(3, {"rules": [rule([3], {"status": 500})]}) as said:
            found = said["ids"].read_text().split()[0]
            for command in (["audit", said["ids"]], ["audit", "--all"], ["list"], ["get", found]):
                ended = allot(*command, *login_options(said), environment={"TRACEPARENT": TRACE})
                self.assertEqual(ended.returncode, 0, ended.stderr)
            requests = graph_requests(said)
        self.assertGreaterEqual(len(requests), 7)
        self.assertEqual({tuple(field(entry, "traceparent")) for entry in requests}, {(TRACE,)})

    def test_a_bad_one_is_a_warning(self):
        with simulator(1) as said:
            found = said["ids"].read_text().split()[0]
            for command in (["audit", said["ids"]], ["list"], ["get", found]):
                ended = allot(*command, *login_options(said), environment={"TRACEPARENT": TRACE.upper()})
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertIn("allot: warning: TRACEPARENT in the environment is not passed on: ", ended.stderr)
                self.assertIn("lower case", ended.stderr)
            requests = graph_requests(said)
        self.assertEqual([field(entry, "traceparent") for entry in requests], [[], [], []])


if __name__ == "__main__":
    unittest.main()
