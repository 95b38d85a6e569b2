"""The smaller measurements of bench/ run, have a row for each contender, and find what is wrong. How good the figures
are is not judged here, but that the guard tells figures that differ from those of its record."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from simulated import BUILD, ROOT

SKIPPED = 77
HERE = os.sched_getaffinity(0)
ROWS = {
    "handshakes": [f"{kind}, {who}" for kind in ("full", "resumed")
                   for who in ("OpenSSL alone, decodes nothing", "openssl s_time, decodes nothing", "allot's library")],
    "idle": ["OpenSSL alone", "allot's library"],
    "start": ["curl", "allot get"],
    "decoding": ["allot's decoder: strict, own struct", "Boost.JSON parse and value_to, plain struct of texts"],
    "growth": ["200", "2,000", "1", "64", "peak memory, audit, over rows"],
}


def bench(name, *arguments):
    return subprocess.run([ROOT / "bench" / name, *map(str, arguments)], capture_output=True, text=True, timeout=200)


def rows(ended):
    return [line.strip("| ").split(" | ") for line in ended.stdout.splitlines() if line.startswith("|")]


class bench_figures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scope = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scope.name)
        with concurrent.futures.ThreadPoolExecutor(len(HERE)) as threads:
            started = {name: threads.submit(
                bench, name, "--quick", "--json", cls.folder / f"{name}.json",
                *(["--svg", cls.folder / "growth.svg"] if name == "growth" else [])) for name in ROWS}
            cls.ended = {name: one.result() for name, one in started.items()}

    @classmethod
    def tearDownClass(cls):
        cls.scope.cleanup()

    def test_they_end_well_with_all_their_rows(self):
        for name, expected in ROWS.items():
            ended = self.ended[name]
            self.assertEqual(ended.returncode, 0, f"{name}: {ended.stderr}")
            self.assertEqual(set(expected) - {row[0] for row in rows(ended)}, set(), f"{name}: {ended.stdout}")

    def test_figures_are_written_too(self):
        for name in ROWS:
            written = json.loads((self.folder / f"{name}.json").read_text())
            self.assertGreater(len(written["runs"]), 1, name)
            self.assertIn("cpu", written["conditions"])

    def test_the_plot_has_each_point(self):
        plot = xml.etree.ElementTree.parse(self.folder / "growth.svg")
        # Two contenders with two values at four points, and the bare loop at two.
        self.assertEqual(len(plot.findall(".//{*}circle")), 2 * 2 * 4 + 2)


@unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
class bench_guard(unittest.TestCase):
    """On one workload that takes no network."""

    @classmethod
    def setUpClass(cls):
        cls.scope = tempfile.TemporaryDirectory()
        cls.file = pathlib.Path(cls.scope.name) / "guard.json"
        cls.unrecorded = cls.guard()
        cls.recording = cls.guard("--record")
        cls.record = json.loads(cls.file.read_text())

    @classmethod
    def tearDownClass(cls):
        cls.scope.cleanup()

    @classmethod
    def guard(cls, *arguments):
        return bench("guard", "decode", "--count", 100, "--file", cls.file, *arguments)

    def with_figure(self, name, change):
        """The guard's verdict where this figure was recorded otherwise."""
        record = json.loads(json.dumps(self.record))
        record["figures"]["decode"][name] = change(record["figures"]["decode"][name])
        self.file.write_text(json.dumps(record))
        return self.guard()

    def test_what_was_not_recorded_fails(self):
        self.assertEqual(self.unrecorded.returncode, 1)
        self.assertIn("decode: not recorded yet", self.unrecorded.stderr)

    def test_what_was_recorded_is_good(self):
        self.assertEqual(self.recording.returncode, 0, self.recording.stderr)
        again = self.with_figure("instructions", lambda value: round(value * 1.02))
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_more_instructions_fail(self):
        ended = self.with_figure("instructions", lambda value: round(value / 1.04))
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"decode: instructions: .* 4\.0% more\n")
        self.assertIn("./dev bench guard --record", ended.stderr)

    def test_fewer_fail_too(self):
        ended = self.with_figure("instructions", lambda value: round(value * 1.05))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("% fewer\n", ended.stderr)

    def test_calls_are_exact(self):
        ended = self.with_figure("allocations", lambda value: value - 1)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"decode: allocations: \d+ instead of \d+\n")


if __name__ == "__main__":
    if not os.access(BUILD / "bench" / "bench_guard", os.X_OK):
        print("skipped: this build has no benchmarks")
        sys.exit(SKIPPED)
    unittest.main()
