"""`allot audit --all`: every assignment of a tenant, user or group, found by listing them, whatever comes between."""
import contextlib
import json
import signal
import sqlite3
import subprocess
import unittest

from simulated import ALLOT, ENVIRONMENT, allot, login_options, read_journal, rows_of, simulator


def audit_all(said, *arguments, **how):
    return allot("audit", "--all", *arguments, *login_options(said), **how)


def pages(said):
    return [line for line in read_journal(said) if "/assignments?" in line["target"]]


def fetches(said):
    return [line for line in read_journal(said) if line["target"].split("?")[0].endswith("/allotment")]


def ids_of(rows):
    return sorted(row["assignmentId"] for row in rows)


def ids_in(said):
    return sorted(line.split("/")[-1] for line in said["ids"].read_text().split())


class all_assignments(unittest.TestCase):
    def assert_all(self, said, ended):
        self.assertEqual(ended.returncode, 0, ended.stderr)
        rows = rows_of(ended)
        self.assertEqual(ids_of(rows), ids_in(said))
        self.assertEqual(sorted(row["position"] for row in rows), list(range(1, len(rows) + 1)))
        one_by_one = {row["assignmentId"]: row for row in rows_of(allot("audit", said["ids"], *login_options(said)))}
        for row in rows:
            same = one_by_one[row["assignmentId"]]
            self.assertEqual((row["outcome"], row["allotment"]), (same["outcome"], same["allotment"]))

    def test_strategies_give_the_same_rows(self):
        for store in ([], ["--store"]):
            for strategy in ("auto", "get", "list"):
                with self.subTest(strategy, store=bool(store)), simulator(350) as said:
                    where = [*store, said["folder"] / "audit.db"] if store else []
                    ended = audit_all(said, *where, "--strategy", strategy, "--log-level", "info")
                    self.assertEqual(len(pages(said)), 4)
                    self.assertEqual(len(fetches(said)), 350 if strategy == "get" else 0)
                    self.assertEqual("strategy list" in ended.stderr, strategy == "auto")
                    self.assert_all(said, ended)

    def test_below_a_user(self):
        with simulator(300) as said:
            listed = map(json.loads, allot("list", *login_options(said), "--expand", "assignedTo").stdout.splitlines())
            owner = next(each["assignment"]["assignedTo"]["id"] for each in listed
                         if each["assignment"]["assignedTo"]["@odata.type"].endswith("user"))
            for strategy in ("get", "list"):
                ended = audit_all(said, "--user", owner, "--strategy", strategy)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                rows = rows_of(ended)
                self.assertGreater(len(rows), 0)
                self.assertEqual({(row["scope"], row["principalId"]) for row in rows}, {("user", owner)})

    def test_row_01_a_walk_that_is_killed_goes_on(self):
        for strategy in ("get", "list"):
            with self.subTest(strategy), simulator(1000) as said:
                store = said["folder"] / "audit.db"
                for kill in (1, 3, 4):
                    ended = audit_all(said, "--store", store, "--strategy", strategy,
                                      environment={"ALLOT_FAIL_POINT": f"after-input:{kill}"})
                    self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
                ended = audit_all(said, "--store", store, "--strategy", strategy)
                self.assertIn("assignments are listed", ended.stderr)
                self.assertLessEqual(len(pages(said)), 10 + 3)
                self.assert_all(said, ended)

    def test_a_page_that_fails_is_asked_for_again(self):
        faults = {"rules": [{"match": {"path": "/assignments$", "nth": [2, 3]}, "do": {"status": 503}},
                            {"match": {"path": "/assignments$", "nth": [5]}, "do": {"close_after_bytes": 2000}}]}
        for store in ([], ["--store"]):
            with self.subTest(store=bool(store)), simulator(500, faults) as said:
                self.assert_all(said, audit_all(said, *([*store, said["folder"] / "audit.db"] if store else [])))

    def test_a_list_that_cannot_be_read_is_resumed(self):
        broken = {"rules": [{"match": {"path": "/assignments$", "nth": [3]}, "do": {"status": 500}}]}
        with simulator(500, broken) as said:
            store = said["folder"] / "audit.db"
            ended = audit_all(said, "--store", store, "--max-attempts", "1")
            self.assertEqual((ended.returncode, ended.stdout), (1, ""), ended.stderr)
            self.assertIn("the list is not complete: 200 assignments so far", ended.stderr)
            bare = allot("audit", "--store", store, *login_options(said), stdin="")
            self.assertEqual(bare.returncode, 2)
            self.assertIn("--all", bare.stderr)
            self.assert_all(said, audit_all(said, "--store", store))
            self.assertEqual(len(pages(said)), 5 + 1)

    def test_what_a_list_gives_twice_counts_once(self):
        with simulator(400) as said:
            store = said["folder"] / "audit.db"
            ended = audit_all(said, "--store", store, environment={"ALLOT_FAIL_POINT": "after-input:4"})
            self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
            with contextlib.closing(sqlite3.connect(store)) as database, database:
                # As if the tenant had changed so that an earlier page's assignments come again.
                link, = database.execute("SELECT next_link FROM audit").fetchone()
                again = link.replace("skiptoken=300", "skiptoken=150")
                self.assertNotEqual(again, link)
                database.execute("UPDATE audit SET next_link = ?", [again])
            self.assert_all(said, audit_all(said, "--store", store))

    def test_a_forgotten_link_begins_again(self):
        for strategy in ("get", "list"):
            with self.subTest(strategy), simulator(400) as said:
                store = said["folder"] / "audit.db"
                audit_all(said, "--store", store, "--strategy", strategy, environment={"ALLOT_FAIL_POINT": "after-input:3"})
                with contextlib.closing(sqlite3.connect(store)) as database, database:
                    link, = database.execute("SELECT next_link FROM audit").fetchone()
                    database.execute("UPDATE audit SET next_link = ?", [link.replace("skiptoken=", "skiptoken=x")])
                self.assert_all(said, audit_all(said, "--store", store, "--strategy", strategy))
                with contextlib.closing(sqlite3.connect(store)) as database:
                    self.assertEqual([end for end, in database.execute("SELECT end FROM run ORDER BY number")],
                                     ["", "complete"])

    def test_row_02_interrupted_while_it_lists(self):
        stuck = {"rules": [{"match": {"path": "/assignments$", "nth": [3]}, "do": {"delay_ms": 200_000}}]}
        with simulator(500, stuck) as said:
            process = subprocess.Popen(
                [ALLOT, "audit", "--all", "--store", said["folder"] / "audit.db", *map(str, login_options(said))],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            while not said["journal"].exists() or said["journal"].read_text().count("/assignments?") < 2:
                pass
            process.send_signal(signal.SIGINT)
            rows, error = process.communicate(timeout=60)
            self.assertEqual((process.returncode, rows), (130, ""), error)
            self.assert_all(said, audit_all(said, "--store", said["folder"] / "audit.db"))

    def test_row_07_a_missing_permission(self):
        with simulator(50, {"rules": [{"match": {"path": "/assignments$"}, "do": {"status": 403}}]}) as said:
            ended = audit_all(said)
            self.assertEqual(ended.returncode, 3, ended.stderr)
            self.assertIn("CloudLicensing.Read.All", ended.stderr)

    def test_what_does_not_go_together(self):
        with simulator(5) as said:
            for arguments, message in (
                    (["--all", said["ids"]], "--all lists the assignments itself"),
                    (["--user", "u", said["ids"]], "need --all"),
                    (["--strategy", "list", said["ids"]], "--strategy list needs --all"),
                    (["--all", "--strategy", "list", "--expand", "assignments"], "cannot --expand")):
                ended = allot("audit", *arguments, *login_options(said))
                self.assertEqual(ended.returncode, 2)
                self.assertIn(message, ended.stderr)

    def test_an_empty_tenant_of_a_user(self):
        empty = {"rules": [{"match": {"path": "/assignments$"},
                            "do": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{\"value\": []}"}}]}
        with simulator(5, empty) as said:
            for store in ([], ["--store", said["folder"] / "audit.db"]):
                ended = audit_all(said, *store)
                self.assertEqual((ended.returncode, ended.stdout), (0, ""), ended.stderr)


if __name__ == "__main__":
    unittest.main()
