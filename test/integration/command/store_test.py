"""Audits that are kept in a store: what is committed is never lost, and the same command goes on from there."""
import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest

from simulated import ALLOT, ENVIRONMENT, allot, login_options, read_journal, rows_of, simulator

# What differs between two requests for the same assignment.
OF_THE_REQUEST = ("requestId", "clientRequestId", "durationMs", "attempts")


def results(rows):
    """The rows without what belongs to their requests, in input order."""
    return sorted(({name: value for name, value in row.items() if name not in OF_THE_REQUEST} for row in rows),
                  key=lambda row: row["position"])


def audit(said, *arguments, ids=None, **how):
    return allot("audit", ids or said["ids"], "--strategy", "get", "--store", said["folder"] / "audit.db", *arguments,
                 *login_options(said), **how)


def fetches(said):
    return [line["target"] for line in read_journal(said) if "/assignments/" in line["target"]]


class stores(unittest.TestCase):
    def assert_as_undisturbed(self, said, ended, ids=None):
        self.assertEqual(ended.returncode, 0, ended.stderr)
        undisturbed = allot("audit", ids or said["ids"], "--strategy", "get", *login_options(said))
        self.assertEqual([row["position"] for row in rows_of(ended)], list(range(1, len(rows_of(ended)) + 1)))
        self.assertEqual(results(rows_of(ended)), results(rows_of(undisturbed)))

    def test_row_01_killed_at_every_fail_point(self):
        with simulator(3000) as said:
            for point in ("mid-migration:1", "after-claim:1", "after-answer:1", "before-commit:1", "after-commit:1",
                          "after-claim:700", "after-answer:500", "before-commit:3", "after-commit:2", "after-commit:3"):
                with self.subTest(point):
                    ended = audit(said, environment={"ALLOT_FAIL_POINT": point})
                    self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
                    self.assertEqual(ended.stdout, "")
            ended = audit(said)
            self.assertRegex(ended.stderr, r"resuming .*audit\.db: [\d,]+ of 3,000 rows are done")
            self.assert_as_undisturbed(said, ended)
            self.assertEqual(os.listdir(said["folder"]).count("audit.db"), 1)
            self.assertFalse((said["folder"] / "audit.db-wal").exists())

    def test_row_01_killed_while_the_input_is_read(self):
        with simulator(10) as said:
            many = said["folder"] / "many.txt"
            many.write_text(said["ids"].read_text() * 4100)  # more than are committed at once
            ended = audit(said, ids=many, environment={"ALLOT_FAIL_POINT": "after-input:1"})
            self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
            self.assert_as_undisturbed(said, audit(said, ids=many), ids=many)

    def test_row_27_one_fetch_for_each_reference(self):
        with simulator(50) as said:
            lines = said["ids"].read_text().splitlines()
            twice = said["folder"] / "twice.txt"
            twice.write_text("\n".join(lines + ["bad id"] + lines[:20] + lines[10:30]) + "\n")
            ended = audit(said, ids=twice)
            self.assertEqual(ended.returncode, 1, ended.stderr)
            rows = rows_of(ended)
            self.assertEqual([row["position"] for row in rows], list(range(1, 92)))
            self.assertEqual(rows[50]["outcome"], "invalid_input")
            self.assertEqual(len(fetches(said)), 50)
            self.assertEqual({**rows[10], "position": 62}, rows[61])
            self.assertIn("91", ended.stderr)

    def test_another_audit_is_refused(self):
        with simulator(20) as said:
            self.assertEqual(audit(said, "--select", "id").returncode, 0)
            before = (said["folder"] / "audit.db").read_bytes()
            ended = audit(said)
            self.assertEqual(ended.returncode, 2)
            self.assertIn('--select was "id" and is now nothing', ended.stderr)
            other = said["folder"] / "other.txt"
            other.write_text("abc\n")
            ended = audit(said, "--select", "id", ids=other)
            self.assertEqual(ended.returncode, 2)
            self.assertRegex(ended.stderr, r"other\.txt is another one than .*ids\.txt was \(SHA-256 \w+")
            self.assertEqual((said["folder"] / "audit.db").read_bytes(), before)

    def test_a_finished_one_has_nothing_to_do(self):
        with simulator(20) as said:
            first = audit(said)
            again = audit(said)
            self.assertEqual((again.returncode, again.stdout), (0, first.stdout))
            self.assertIn("is complete: 20 rows", again.stderr)
            self.assertEqual(len(fetches(said)), 20)

    def test_goes_on_without_the_input(self):
        with simulator(300) as said:
            audit(said, environment={"ALLOT_FAIL_POINT": "after-commit:1"})
            said["ids"].rename(said["folder"] / "moved.txt")
            ended = allot("audit", "--store", said["folder"] / "audit.db", *login_options(said), stdin="")
            self.assertEqual(len(rows_of(ended)), 300, ended.stderr)

    def test_retry_failed(self):
        broken = {"rules": [{"match": {"path": "/allotment$", "nth": list(range(1, 31))}, "do": {"status": 500}}]}
        with simulator(100, broken) as said:
            first = audit(said, "--max-attempts", "1")
            self.assertEqual(first.returncode, 1, first.stderr)
            self.assertEqual(len([row for row in rows_of(first) if row["outcome"] == "failed"]), 30)
            unchanged = audit(said)
            self.assertEqual((unchanged.returncode, unchanged.stdout), (1, first.stdout))
            self.assertIn("--retry-failed", unchanged.stderr)
            self.assert_as_undisturbed(said, audit(said, "--retry-failed"))

    def test_retry_failed_of_an_unfinished_one(self):
        # The rest is slow, so that it is not over by the fourth commit, however late that comes.
        broken = {"rules": [{"match": {"path": "/allotment$", "nth": list(range(1, 31))}, "do": {"status": 500}},
                            {"match": {"path": "/allotment$", "nth": list(range(101, 1001))}, "do": {"delay_ms": 200}}]}
        with simulator(1000, broken) as said:
            ended = audit(said, "--max-attempts", "1", environment={"ALLOT_FAIL_POINT": "after-commit:4"})
            self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
            ended = audit(said, "--retry-failed")
            self.assertRegex(ended.stderr, "resuming(?s:.*)30 rows that failed are asked again")
            self.assert_as_undisturbed(said, ended)

    def test_an_input_that_is_not_there_leaves_no_store(self):
        with simulator(1) as said:
            for ids in ("nowhere.txt", said["folder"]):
                ended = audit(said, ids=ids)
                self.assertEqual(ended.returncode, 2, ended.stderr)
                self.assertFalse((said["folder"] / "audit.db").exists())

    def test_row_02_interrupted(self):
        slow = {"rules": [{"match": {"path": "/allotment$", "nth": list(range(150, 1000))}, "do": {"delay_ms": 30}}]}
        with simulator(400, slow) as said:
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--store", said["folder"] / "audit.db", "--concurrency", "4",
                 *map(str, login_options(said))],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            self.wait_for_rows(said, 100)
            process.send_signal(signal.SIGINT)
            rows, error = process.communicate(timeout=60)
            self.assertEqual((process.returncode, rows), (130, ""), error)
            self.assertIn("the same command goes on", error)
            self.assert_as_undisturbed(said, audit(said))
            self.assertEqual(len(fetches(said)), 2 * 400)  # nothing was asked twice, by each of the two audits

    def wait_for_rows(self, said, least):
        """Until the journal shows that so many requests were answered."""
        while not said["journal"].exists() or said["journal"].read_text().count("/allotment") < least:
            pass

    def test_stopped_and_continued(self):
        slow = {"rules": [{"match": {"path": "/allotment$"}, "do": {"delay_ms": 5}}]}
        with simulator(400, slow) as said:
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--store", said["folder"] / "audit.db", "--concurrency", "8",
                 *map(str, login_options(said))],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            for least in (50, 200):
                self.wait_for_rows(said, least)
                process.send_signal(signal.SIGSTOP)
                os.waitid(os.P_PID, process.pid, os.WSTOPPED)
                process.send_signal(signal.SIGCONT)
            rows, error = process.communicate(timeout=60)
            self.assertEqual((process.returncode, len(rows.splitlines())), (0, 400), error)
            self.assertEqual(len(fetches(said)), 400)

    def test_row_03_a_full_disk(self):
        with simulator(3000) as said, small_disk(64) as disk:
            store = disk / "audit.db"
            command = ["audit", said["ids"], "--store", store, *login_options(said)]
            ended = allot(*command)
            self.assertEqual(ended.returncode, 4, ended.stderr)
            self.assertRegex(ended.stderr, r"audit\.db: .*(room|space)")
            subprocess.run(["mount", "-o", "remount,size=400k", disk], check=True)
            ended = allot(*command)  # room for the input, not for the rows
            self.assertEqual(ended.returncode, 4, ended.stderr)
            self.assertRegex(ended.stderr, r"What is committed is kept")
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            self.assert_as_undisturbed(said, allot(*command))

    def test_row_03_a_limit_of_file_size(self):
        with simulator(3000) as said:
            store = said["folder"] / "audit.db"
            limited = subprocess.run(
                [ALLOT, "audit", said["ids"], "--store", store, *login_options(said)], capture_output=True, text=True,
                env=ENVIRONMENT, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)))
            self.assertEqual(limited.returncode, 4, limited.stderr)
            self.assertIn("What is committed is kept", limited.stderr)
            ended = audit(said)
            self.assertIn("resuming", ended.stderr)
            self.assert_as_undisturbed(said, ended)

    def test_two_at_once(self):
        stuck = {"rules": [{"match": {"path": "/allotment$"}, "do": {"delay_ms": 200_000}}]}
        with simulator(20, stuck) as said:
            first = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--store", said["folder"] / "audit.db", *map(str, login_options(said))],
                stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
            self.wait_for_rows(said, 1)
            second = audit(said)
            first.kill()
            first.communicate()
            self.assertEqual(second.returncode, 4, second.stderr)
            self.assertIn("another allot is working on it", second.stderr)

    def test_stores_that_cannot_be_used(self):
        with simulator(500) as said:
            self.assertEqual(audit(said).returncode, 0)
            store = said["folder"] / "audit.db"
            good = store.read_bytes()

            def newer():
                with contextlib.closing(sqlite3.connect(store)) as database:
                    database.execute("PRAGMA user_version = 99")

            def damaged():
                store.write_bytes(good[:40_960] + bytes(40_960) + good[81_920:])  # ten pages

            def cut():
                store.write_bytes(good[:len(good) // 2])

            def other_program():
                store.unlink()
                with contextlib.closing(sqlite3.connect(store)) as database:
                    database.execute("CREATE TABLE notes (text)")

            def no_database():
                store.write_bytes(b"dear diary\n" * 1000)

            for make, message in ((newer, "newer allot"), (damaged, "damaged"), (cut, "damaged"),
                                  (other_program, "another program"), (no_database, "no store of allot")):
                with self.subTest(make.__name__):
                    store.write_bytes(good)
                    make()
                    before = store.read_bytes()
                    ended = audit(said)
                    self.assertEqual(ended.returncode, 4, ended.stderr)
                    self.assertIn(message, ended.stderr)
                    self.assertEqual(store.read_bytes(), before)

    def test_row_08_parked(self):
        held = {"rules": [{"match": {"path": "/allotment$", "nth": [200]},
                           "do": {"status": 429, "headers": {"Retry-After": "7200"}}}]}
        with simulator(400, held) as said:
            ended = audit(said, "--max-wait", "60s")
            self.assertEqual((ended.returncode, ended.stdout), (75, ""), ended.stderr)
            self.assertRegex(ended.stderr, r"parked: resume after \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
            asked = len(fetches(said))
            again = audit(said)
            self.assertEqual((again.returncode, again.stdout, len(fetches(said))), (75, "", asked), "it asked early")
            self.assertIn("parked: resume after", again.stderr)
            with contextlib.closing(sqlite3.connect(said["folder"] / "audit.db")) as database, database:
                database.execute("UPDATE run SET resume_at = resume_at - 7200000")  # as if the time had come
            self.assert_as_undisturbed(said, audit(said))

    def test_row_08_killed_in_a_hold(self):
        # A rate so low that also a slow machine meets the throttle, of which nothing tells before.
        held = {"throttle": {"per_second": 60, "burst": 200, "retry_after": 2, "limit_percentage": False}}
        with simulator(320, held) as said:
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--store", said["folder"] / "audit.db", *map(str, login_options(said))],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
            self.wait_for_hold(said, process)
            process.kill()
            process.wait()
            ended = audit(said)
            self.assertIn("Graph asked an earlier run for no requests before", ended.stderr)
            self.assert_as_undisturbed(said, ended)
            self.assertFalse([line for line in read_journal(said) if line.get("early")], "it asked early")

    def wait_for_hold(self, said, process):
        """Until the store knows of one."""
        while process.poll() is None:
            try:
                with contextlib.closing(sqlite3.connect(f"file:{said['folder']}/audit.db?mode=ro", uri=True)) as database:
                    if database.execute("SELECT count(resume_at) FROM run").fetchone()[0]:
                        return
            except sqlite3.OperationalError:
                pass  # it is not made yet
        self.fail("the audit ended without a hold")

    def test_row_03_deleted_while_it_runs(self):
        slow = {"rules": [{"match": {"path": "/allotment$"}, "do": {"delay_ms": 20}}]}
        with simulator(2000, slow) as said:
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--store", said["folder"] / "audit.db", "--concurrency", "8",
                 *map(str, login_options(said))],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            self.wait_for_rows(said, 100)
            for name in said["folder"].glob("audit.db*"):
                name.unlink()
            rows, error = process.communicate(timeout=60)
            self.assertEqual((process.returncode, rows), (4, ""), error)
            self.assertIn("deleted or replaced", error)

    def test_row_07_a_missing_permission_leaves_all_pending(self):
        forbidden = {"rules": [{"match": {"path": "/allotment$", "nth": list(range(1, 21))}, "do": {"status": 403}}]}
        with simulator(200, forbidden) as said:
            ended = audit(said, "--concurrency", "1")
            self.assertEqual(ended.returncode, 3, ended.stderr)
            self.assertIn("CloudLicensing.Read.All", ended.stderr)
            self.assert_as_undisturbed(said, audit(said))

    def test_rows_go_where_asked_when_complete(self):
        with simulator(200) as said:
            rows = said["folder"] / "rows.csv"
            audit(said, "--output", rows, "--format", "csv", environment={"ALLOT_FAIL_POINT": "after-commit:1"})
            self.assertFalse(rows.exists())
            audit(said, "--output", rows, "--format", "csv", environment={"ALLOT_FAIL_POINT": "mid-export:100"})
            self.assertFalse(rows.exists())
            self.assertEqual(audit(said, "--output", rows, "--format", "csv").returncode, 0)
            self.assertEqual(len(rows.read_bytes().splitlines()), 201)


@contextlib.contextmanager
def small_disk(kib):
    folder = pathlib.Path(tempfile.mkdtemp())
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", folder], capture_output=True, text=True)
    try:
        if made.returncode != 0:
            raise unittest.SkipTest("a small file system cannot be mounted here: " + made.stderr.strip())
        yield folder
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    unittest.main()
