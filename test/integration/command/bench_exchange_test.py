"""`./dev bench` measures every client that can be had here, finds wrong answers and leaves its results. How good the
figures are is not judged here."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from simulated import BUILD, ROOT

sys.path.insert(0, str(ROOT / "bench" / "exchange_suite"))
import clients
import goals
import line_up
import measuring
import server

SKIPPED = 77
# Its SDK takes minutes to compile.
LEFT_OUT = "msgraph-go"
NAMES = [client.name for client in line_up.all_clients() if client.name != LEFT_OUT]
CONNECTIONS = [1, 8]


class bench_exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.ended = subprocess.run(
                [ROOT / "bench" / "exchange", "--rounds", "1", "--seconds", "0.1", "--warm-up", "0.05", "--connections",
                 ",".join(map(str, CONNECTIONS)), "--clients", ",".join(NAMES), "--results", folder],
                capture_output=True, text=True, timeout=200)
            if cls.ended.returncode != 0:
                raise AssertionError(cls.ended.stderr)
            cls.left = {path.suffix: path.read_text() for path in map(pathlib.Path(folder).joinpath, (
                "exchange.md", "exchange.json", "exchange.svg"))}
        cls.result = json.loads(cls.left[".json"])
        cls.titles = {client["name"]: client["title"] for client in cls.result["clients"]}

    def test_each_client_that_is_there_has_its_figures(self):
        self.assertEqual(sorted([*self.titles, *self.result["missing"]]), sorted(NAMES))
        for name in ("bare", "allot", "loop", "audit"):
            self.assertIn(name, self.titles)
        runs = {(run["client"], run["connections"]): run for run in self.result["runs"]}
        self.assertEqual(sorted(runs), sorted((name, each) for name in self.titles for each in CONNECTIONS))
        for run in runs.values():
            self.assertGreater(run["answers"], 0, run)
            self.assertGreater(run["cpu_us"], 0, run)
            self.assertGreater(run["peak_mib"], 1, run)
            self.assertAlmostEqual(run["user_us"] + run["system_us"], run["cpu_us"], delta=0.01, msg=run)

    def test_batches_are_batches(self):
        for run in self.result["runs"]:
            if run["client"] == "batch":
                # The warm-up's are among the server's.
                self.assertLess(run["server_requests"], run["answers"] / 2, run)
            else:
                self.assertGreaterEqual(run["server_requests"], run["answers"], run)

    def test_the_conditions_are_told(self):
        told = self.result["conditions"]
        for name in ("processor", "kernel", "nginx", "openssl", "load_at_start", "load_at_end"):
            self.assertTrue(told[name], name)
        for client in self.result["clients"]:
            self.assertRegex(client["version"], r"\d+\.\d+", client)
        self.assertNotIn(str(ROOT), self.left[".json"])

    def test_the_table_has_all_of_them(self):
        self.assertEqual(self.ended.stdout, self.left[".md"])
        lines = self.ended.stdout.splitlines()
        for title in self.titles.values():
            # Over the library, perhaps over wrk, and the figures of each number of connections.
            self.assertGreaterEqual(sum(line.startswith(f"| {title} |") for line in lines), 1 + len(CONNECTIONS), title)

    def test_the_picture_has_all_of_them(self):
        picture = xml.etree.ElementTree.fromstring(self.left[".svg"])
        words = {each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")}
        self.assertLessEqual(set(self.titles.values()), words)


class wrong_answers(unittest.TestCase):
    def refused_by(self, names, **what):
        with server.serve(min(os.sched_getaffinity(0)), **what) as serving:
            for client in line_up.all_clients():
                if client.name not in names:
                    continue
                try:
                    client.prepare()
                except clients.Unavailable:
                    continue
                job = clients.Job(serving.url, serving.ca_file, 1, 0.05, 0.1)
                with self.subTest(client.name), self.assertRaisesRegex(SystemExit, "with code|wrong answers"):
                    measuring.run(client, serving, job, max(os.sched_getaffinity(0)))

    def test_nobody_takes_another_status(self):
        self.refused_by(NAMES, status=404)

    def test_those_who_decode_do_not_take_another_allotment(self):
        answer = server.ANSWER.read_text().replace("551f1755", "661f1755")
        self.refused_by([client.name for client in line_up.all_clients() if client.decodes and client.name in NAMES],
                        answer=answer)


class judging(unittest.TestCase):
    def test_goals_are_medians_of_the_rounds_ratios(self):
        costs = {"allot": [10, 12, 30], "wrk": [10, 10, 10], "libcurl": [28, 36, 60]}
        runs = [{"client": name, "round": number, "connections": goals.JUDGED_CONNECTIONS, "cpu_us": cost}
                for name, every in costs.items() for number, cost in enumerate(every)]
        judged = {each.goal.client: (each.ratios, each.met) for each in goals.judge(runs)}
        self.assertEqual(judged, {"allot": ([1, 1.2, 3], False), "libcurl": ([2.8, 3, 2], True)})


if __name__ == "__main__":
    if not os.access(BUILD / "bench" / "bench_peer_library", os.X_OK):
        print("skipped: this build has no benchmarks")
        sys.exit(SKIPPED)
    unittest.main()
