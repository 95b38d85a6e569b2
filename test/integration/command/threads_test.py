"""Audits by several threads: their rows, stores, signals and ends are those of one."""
import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

from simulated import ALLOT, ENVIRONMENT, allot, login_options, read_journal, rows_of, simulator

# What differs between two requests for the same assignment.
OF_THE_REQUEST = ("requestId", "clientRequestId", "durationMs", "attempts")
THREADS = ("--threads", "3")


def results(rows):
    """The rows without what belongs to their requests, in input order."""
    return sorted(({name: value for name, value in row.items() if name not in OF_THE_REQUEST} for row in rows),
                  key=lambda row: row["position"])


def fetches(said):
    return [line["target"] for line in read_journal(said) if "/assignments/" in line["target"]]


class threads(unittest.TestCase):
    def test_the_rows_are_those_of_one_thread(self):
        with simulator(500) as said:
            ids = said["folder"] / "some.txt"
            known = said["ids"].read_text().split()
            # Every one of the first half twice, something invalid, something that is not there.
            ids.write_text("\n".join(known + known[:250] + ["no/such/scope/at/all", "not-there"]) + "\n")
            one = allot("audit", ids, *login_options(said))
            before = len(fetches(said))
            several = allot("audit", ids, *THREADS, *login_options(said))
            self.assertEqual(several.returncode, one.returncode, several.stderr)
            self.assertEqual(results(rows_of(several)), results(rows_of(one)))
            self.assertEqual(len(rows_of(several)), 752)
            self.assertEqual(len(fetches(said)) - before, 501)

    def test_they_share_one_token_and_the_connections(self):
        with simulator(300) as said:
            ended = allot("audit", said["ids"], "--threads", "4", "--connections", "6", *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            seen = read_journal(said)
            self.assertEqual(sum(line["target"].endswith("/token") for line in seen), 1)
            connections = {line["connection"] for line in seen if "/assignments/" in line["target"]}
            self.assertLessEqual(len(connections), 6)
            self.assertGreater(len(connections), 1)
            few = allot("audit", said["ids"], "--threads", "8", "--connections", "2", *login_options(said))
            self.assertEqual(few.returncode, 0, few.stderr)

    def test_a_store_is_taken_up_again_by_other_threads(self):
        slow = {"rules": [{"match": {"path": "^/beta/"}, "do": {"delay_ms": 20}}]}
        with simulator(600, slow) as said:
            store = said["folder"] / "audit.db"
            command = [ALLOT, "audit", said["ids"], "--store", store, "--concurrency", "6", *THREADS,
                       "--log-level", "debug", "--log-format", "json", *login_options(said)]
            process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       text=True, env=ENVIRONMENT)
            while "request_finished" not in process.stderr.readline():
                pass
            process.send_signal(signal.SIGINT)
            _, error = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130, error)
            first = len(fetches(said))
            self.assertLess(first, 600)
            ended = allot("audit", said["ids"], "--store", store, *THREADS, *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual([row["position"] for row in rows_of(ended)], list(range(1, 601)))
            self.assertEqual({row["outcome"] for row in rows_of(ended)}, {"ok"})
            # What was under way had its answers within the grace.
            self.assertEqual(len(fetches(said)), 600)

    def test_row_02_a_second_signal_ends_them_all_now(self):
        stuck = {"rules": [{"match": {"path": "^/beta/", "nth": list(range(30, 400))}, "do": {"delay_ms": 200_000}}]}
        with simulator(400, stuck) as said, tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen(
                list(map(str, [ALLOT, "audit", said["ids"], *THREADS, *login_options(said)])),
                stdout=subprocess.PIPE, stderr=errors, text=True, env=ENVIRONMENT)
            lines = [process.stdout.readline()]
            for _ in range(2):
                process.send_signal(signal.SIGINT)
            lines += process.stdout.readlines()
            process.stdout.close()
            process.wait(timeout=60)
            errors.seek(0)
            self.assertEqual(process.returncode, 130, errors.read())
            positions = [json.loads(line)["position"] for line in lines]
            self.assertEqual(len(positions), len(set(positions)))

    def test_row_08_a_wait_that_is_too_long_parks_them_all(self):
        with simulator(400, {"rules": [{"match": {"path": "^/beta/", "nth": [50]},
                                        "do": {"status": 429, "headers": {"Retry-After": "7200"}}}]}) as said:
            ended = allot("audit", said["ids"], *THREADS, "--concurrency", "6", *login_options(said))
            self.assertEqual(ended.returncode, 75, ended.stderr)
            self.assertIn("resume after", ended.stderr)
            self.assertLess(len(rows_of(ended)), 400)

    def test_log_lines_stay_whole(self):
        with simulator(300) as said:
            ended = allot("audit", said["ids"], *THREADS, "--log-level", "debug", "--log-format", "json",
                          "--output", said["folder"] / "rows.ndjson", *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            lines = [json.loads(line) for line in ended.stderr.splitlines()]
            finished = [line for line in lines if line.get("event") == "request_finished"]
            self.assertEqual(len(finished), 300)
            self.assertEqual(len({line["client_request_id"] for line in finished}), 300)

    def test_a_list_is_walked_and_its_rest_fetched(self):
        with simulator(300) as said:
            one = allot("audit", "--all", "--strategy", "get", *login_options(said))
            several = allot("audit", "--all", "--strategy", "get", *THREADS, *login_options(said))
            self.assertEqual(several.returncode, 0, several.stderr)
            self.assertEqual(results(rows_of(several)), results(rows_of(one)))

    def test_an_output_that_cannot_be_written_ends_them(self):
        with simulator(3_000) as said:
            if not pathlib.Path("/dev/full").exists():
                self.skipTest("no /dev/full here")
            ended = allot("audit", said["ids"], *THREADS, "--output", "/dev/full", *login_options(said))
            self.assertEqual(ended.returncode, 4, ended.stderr)

    def test_what_is_no_number_of_threads_is_refused(self):
        for value in ("0", "257", "two"):
            ended = allot("audit", "-", "--threads", value, stdin="")
            self.assertEqual(ended.returncode, 2)
            self.assertIn("--threads", ended.stderr)


if __name__ == "__main__":
    unittest.main()
