"""`./dev bench throttle --quick` runs every contender and prints a row for each. How good they are is not judged here."""
import os
import subprocess
import sys
import unittest

from simulated import BUILD, ROOT

SKIPPED = 77


class bench_throttle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ended = subprocess.run([ROOT / "bench" / "throttle", "--quick"], capture_output=True, text=True, timeout=240)

    def rows(self):
        lines = [line.strip("| ").split(" | ") for line in self.ended.stdout.splitlines() if line.startswith("|")]
        return [dict(zip(lines[0], line)) for line in lines[2:]]

    def test_it_ends_well(self):
        self.assertEqual(self.ended.returncode, 0, self.ended.stderr)

    def test_each_contender_has_a_row(self):
        self.assertEqual(
            [row["rules"] for row in self.rows()],
            ["allot", "kiota-go", "kiota-dotnet", "aws-adaptive", "scubagear", "mgx"])
        for row in self.rows():
            # Of a rule that is refused all the time it is 0; that nothing at all is granted ends the benchmark badly.
            self.assertGreaterEqual(float(row["budget used"].rstrip("%")), 0, row)
            self.assertGreater(float(row["50 look-ups"]), 0, row)

    def test_only_those_who_knock_at_a_closed_gate_are_early(self):
        early = {row["rules"]: int(row["early"]) for row in self.rows()}
        self.assertGreater(early["aws-adaptive"], 0)
        self.assertEqual(early["mgx"], 0)


if __name__ == "__main__":
    if not os.access(BUILD / "bench" / "bench_throttle", os.X_OK):
        print("skipped: this build has no benchmarks")
        sys.exit(SKIPPED)
    unittest.main()
