"""`allot list`: every assignment once, as input of an audit, and no request to where a server points."""
import json
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import unittest

from certificates import make_ca, make_leaf
from nginx import nginx
from simulated import ALLOT, ENVIRONMENT, allot, login_options, read_journal, rows_of, simulator

PATH = "/beta/admin/cloudLicensing/assignments"


def page_rule(deed, **match):
    return {"match": {"path": "/assignments$", **match}, "do": deed}


def ids_of(said):
    return [line.split("/")[-1] for line in pathlib.Path(said["ids"]).read_text().splitlines()]


def listed(ended):
    return [row["assignmentId"] for row in rows_of(ended)]


def fetches(said):
    return [entry["target"] for entry in read_journal(said) if entry["target"].startswith("/beta/")]


def wait_until_it_waits(process, said):
    """Until the process has woken up many times without a request: its rows have no room."""
    def woken():
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)[1])

    requests, since = None, 0
    while requests is None or woken() - since < 30:
        now = said["journal"].stat().st_size
        if now != requests or now == 0:
            requests, since = now, woken()


class against_the_simulator(unittest.TestCase):
    def test_list_feeds_an_audit(self):
        with simulator(250, {"pages": {"size": 40, "empty": True, "next_link": "last"}}) as said:
            with subprocess.Popen([ALLOT, "list", *map(str, login_options(said))], stdout=subprocess.PIPE,
                                  env=ENVIRONMENT) as lists:
                ended = subprocess.run([ALLOT, "audit", "-", *map(str, login_options(said))], stdin=lists.stdout,
                                       capture_output=True, text=True, env=ENVIRONMENT, timeout=120)
            self.assertEqual(lists.returncode, 0)
            rows = rows_of(ended)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(sorted(listed(ended)), sorted(ids_of(said)))
            self.assertEqual({row["outcome"] for row in rows}, {"ok"})
            self.assertEqual(fetches(said)[0], PATH + "?$select=id")

    def test_page_size_select_and_expand(self):
        with simulator(30) as said:
            ended = allot("list", "--page-size", "7", "--select", "disabledServicePlanIds", "--expand",
                          "allotment($select=skuPartNumber),assignedTo", *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(ended.stderr, "")
            self.assertEqual(listed(ended), ids_of(said))
            for row in rows_of(ended):
                self.assertEqual(list(row), ["assignmentId", "assignment"])
                self.assertEqual(row["assignment"]["id"], row["assignmentId"])
                self.assertEqual(list(row["assignment"]["allotment"]), ["skuPartNumber"])
                self.assertIn("displayName", row["assignment"]["assignedTo"])
            query = "$top=7&$select=disabledServicePlanIds,id&$expand=allotment($select=skuPartNumber),assignedTo"
            self.assertEqual(fetches(said), [f"{PATH}?{query}"] + [
                f"{PATH}?{query}&$skiptoken={skip}" for skip in (7, 14, 21, 28)])
            again = allot("audit", "-", *login_options(said), stdin=ended.stdout)
            self.assertEqual({row["outcome"] for row in rows_of(again)}, {"ok"}, again.stderr)

    def test_users_and_groups(self):
        with simulator(300) as said:
            lines = pathlib.Path(said["ids"]).read_text().splitlines()
            for kind, option, member in (("users", "--user", "userId"), ("groups", "--group", "groupId")):
                owner, assignment = next(line for line in lines if line.startswith(kind)).split("/")[1:]
                ended = allot("list", option, owner, *login_options(said))
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertIn(assignment, listed(ended))
                self.assertEqual({row[member] for row in rows_of(ended)}, {owner})
                audited = allot("audit", "-", *login_options(said), stdin=ended.stdout)
                self.assertEqual([(row["outcome"], row["principalId"]) for row in rows_of(audited)],
                                 [("ok", owner)] * len(rows_of(ended)), audited.stderr)
            unknown = allot("list", "--user", "nobody", *login_options(said))
            self.assertEqual(unknown.returncode, 1)
            self.assertIn("'nobody' does not exist", unknown.stderr)

    def test_an_output_file_is_complete_or_partial(self):
        with simulator(30, {"pages": {"size": 10}, "rules": [page_rule({"status": 403}, nth=[5])]}) as said:
            file = said["folder"] / "list.ndjson"
            ended = allot("list", "-o", file, *login_options(said))
            self.assertEqual((ended.returncode, ended.stdout), (0, ""), ended.stderr)
            complete = file.read_text()
            self.assertEqual([json.loads(line)["assignmentId"] for line in complete.splitlines()], ids_of(said))
            ended = allot("list", "-o", file, *login_options(said))
            self.assertEqual(ended.returncode, 3)
            self.assertIn("CloudLicensing.Read.All", ended.stderr)
            self.assertIn("10 assignments so far, in ", ended.stderr)
            self.assertEqual(file.read_text(), complete)
            self.assertEqual(len(pathlib.Path(f"{file}.partial").read_text().splitlines()), 10)
            ended = allot("list", "-o", said["folder"] / "none" / "x", *login_options(said))
            self.assertEqual(ended.returncode, 4, ended.stderr)

    def test_faults_on_the_way_lose_nothing(self):
        deeds = [{"status": 503}, {"status": 429, "headers": {"Retry-After": "1"}}, {"reset": True},
                 {"close_after_bytes": 700, "truncate_close_notify": True}]
        script = {"pages": {"size": 10}, "rules": [page_rule(deed, nth=[2 + 2 * at]) for at, deed in enumerate(deeds)]}
        with simulator(100, script) as said:
            ended = allot("list", *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(listed(ended), ids_of(said))
            self.assertFalse(any(entry["early"] for entry in read_journal(said)))

    def test_a_hold_of_hours_parks_the_list(self):
        script = {"pages": {"size": 10},
                  "rules": [page_rule({"status": 429, "headers": {"Retry-After": "7200"}}, nth=[3])]}
        with simulator(100, script) as said:
            ended = allot("list", *login_options(said))
            self.assertEqual(ended.returncode, 75, ended.stderr)
            self.assertEqual(listed(ended), ids_of(said)[:20])

    def test_ids_that_break_the_rules_reach_the_audit(self):
        odd = ["../x", "a\nb", "x" * 300, "a b", "\u202e"]
        script = {"rules": [page_rule({"body": {"value": [{"id": each} for each in [*odd, "good"]]}})]}
        with simulator(1, script) as said:
            ended = allot("list", *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(listed(ended), [*odd, "good"])
            audited = allot("audit", "-", *login_options(said), stdin=ended.stdout)
            rows = {row["position"]: row for row in rows_of(audited)}
            self.assertEqual([rows[at]["outcome"] for at in sorted(rows)],
                             ["invalid_input"] * len(odd) + ["not_found"])

    def test_nobody_reads_any_more(self):
        with simulator(5000) as said:
            process = subprocess.Popen([ALLOT, "list", "--page-size", "5", *map(str, login_options(said))],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            self.assertTrue(process.stdout.readline())
            process.stdout.close()
            self.assertEqual(process.wait(timeout=60), 4)
            self.assertEqual(process.stderr.read(), "")
            process.stderr.close()

    def test_a_signal_ends_it_in_order(self):
        stuck = {"pages": {"size": 10}, "rules": [page_rule({"delay_ms": 200_000}, nth=[3])]}
        for number in (signal.SIGINT, signal.SIGTERM):
            with simulator(100, stuck) as said:
                process = subprocess.Popen([ALLOT, "list", *map(str, login_options(said))], stdout=subprocess.PIPE,
                                           stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
                lines = [process.stdout.readline() for _ in range(20)]
                process.send_signal(number)
                rest, error = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 128 + number, error)
                self.assertEqual([json.loads(line)["assignmentId"] for line in lines], ids_of(said)[:20])
                self.assertEqual(rest, "")
                self.assertIn("20 assignments so far", error)

    def test_a_signal_ends_the_wait_for_a_reader(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with simulator(60_000) as said:
                process = subprocess.Popen(
                    [ALLOT, "list", "--page-size", "999", *map(str, login_options(said))], stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
                wait_until_it_waits(process, said)
                process.send_signal(number)
                rows, error = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 128 + number, error)
            self.assertLess(len(rows.splitlines()), 60_000)
            self.assertIn("assignments so far", error)


class against_nginx(unittest.TestCase):
    def run_list(self, locations):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            ca = make_ca(folder)
            certificate, key = make_leaf(folder, ca)
            (folder / "token").write_text("a-dummy-token")
            with nginx(folder, certificate, key, "default_type application/json;" + locations) as server:
                ended = allot("list", "--graph-url", server.url, "--ca-file", ca[0], "--token-file", folder / "token",
                              "--max-attempts", "1")
            return ended, server.requests()

    def test_a_next_link_is_followed_as_it_is(self):
        second = "/beta/admin/cloudLicensing/assignments/%7E?%24skiptoken=a%2Bb+c/%3D&x='(1)'"
        ended, seen = self.run_list(f"""
            location = {PATH} {{ return 200 '{{"value":[{{"id":"a"}}],"@odata.nextLink":"https://$http_host{second}"}}'; }}
            location / {{ return 200 '{{"value":[{{"id":"b"}}]}}'; }}""".replace("'(1)'", "\\'(1)\\'"))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(listed(ended), ["a", "b"])
        self.assertEqual([request["target"] for request in seen], [PATH + "?$select=id", second])
        self.assertEqual({request["authorization"] for request in seen}, {"Bearer a-dummy-token"})

    def test_nothing_is_sent_to_where_a_link_leads_elsewhere(self):
        with socket.create_server(("127.0.0.1", 0)) as elsewhere:
            elsewhere.setblocking(False)
            port = elsewhere.getsockname()[1]
            for link in (f"https://localhost:{port}{PATH}", f"https://127.0.0.1:{port}/", f"http://localhost:{port}/",
                         f"https://$http_host@localhost:{port}/", f"https://evil.example@localhost:{port}/",
                         f"//localhost:{port}/", "http://$http_host/x", "https://127.0.0.1:$server_port/x"):
                with self.subTest(link):
                    ended, seen = self.run_list(f"""
                        location = {PATH} {{ return 200 '{{"value":[{{"id":"a"}}],"@odata.nextLink":"https://$http_host/2"}}'; }}
                        location / {{ return 200 '{{"@odata.nextLink":"{link}","value":[{{"id":"b"}}]}}'; }}""")
                    self.assertEqual(ended.returncode, 1, ended.stderr)
                    self.assertEqual(listed(ended), ["a"])
                    self.assertIn("the link to the next page", ended.stderr)
                    if not link.startswith("//"):
                        self.assertIn(link.split("//")[1].split("/")[0].split("@")[-1].split("$")[0], ended.stderr)
                    self.assertEqual([request["target"] for request in seen], [PATH + "?$select=id", "/2"])
                    with self.assertRaises(BlockingIOError):
                        elsewhere.accept()

    def test_a_portal_is_no_list(self):
        ended, _ = self.run_list("location / { default_type text/html; return 200 '<html>Sign in \x1b[31m</html>'; }")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("Sign in", ended.stderr)
        self.assertNotIn("\x1b", ended.stderr)
        self.assertEqual(ended.stdout, "")


if __name__ == "__main__":
    unittest.main()
