"""Row 1: an audit that is killed over and over ends with the rows of an undisturbed one, and asks for little twice.

Where and when it is killed is drawn from a seed: `soak_test.py SEED [ASSIGNMENTS KILLS]` takes another one.
"""
import collections
import json
import os
import random
import signal
import sys
import unittest

from simulated import allot, login_options, read_journal, simulator

SANITIZED = bool(os.environ.get("ALLOT_SANITIZED"))
SEED, ASSIGNMENTS, KILLS = map(int, sys.argv[1:]) if len(sys.argv) == 4 else (
    int(sys.argv[1]) if len(sys.argv) > 1 else 1, 10_000 if SANITIZED else 100_000, 10 if SANITIZED else 50)

# Claimed and not yet committed are at most: what the batch runs ahead, under way and answered, and five groups of rows.
CONNECTIONS = 64
IN_FLIGHT = 2 * CONNECTIONS + 5 * 100

# How many times each is passed for so many rows.
PASSES = {"after-claim": 1, "after-answer": 1, "before-commit": 1 / 100, "after-commit": 1 / 100}

OF_THE_REQUEST = ("requestId", "clientRequestId", "durationMs", "attempts")


def exported(store, rows):
    """The store's rows as `allot export` writes them, but for what belongs to their requests."""
    ended = allot("export", store, "-o", rows)
    if ended.returncode != 0:
        raise AssertionError(ended.stderr)
    with open(rows) as lines:
        for line in lines:
            row = json.loads(line)
            for name in OF_THE_REQUEST:
                del row[name]
            yield json.dumps(row)


class soak(unittest.TestCase):
    def test_row_01_killed_again_and_again(self):
        draw = random.Random(SEED)
        with simulator(ASSIGNMENTS, seed=SEED) as said:
            ids = said["folder"] / "audit.txt"
            lines = said["ids"].read_text().splitlines()
            repeated = draw.sample(lines, 100)
            ids.write_text("\n".join(lines + ["not an id"] + repeated) + "\n")
            store = said["folder"] / "audit.db"
            command = ["audit", ids, "--store", store, "--strategy", "get", "--connections", str(CONNECTIONS),
                       "--output", said["folder"] / "killed.ndjson", *login_options(said)]
            kills = collections.Counter()
            for kill in range(KILLS):
                point = draw.choice(list(PASSES))
                # Of the rows that are left, no more than a kill's share: each of them is to find some.
                share = max(1, int(PASSES[point] * ASSIGNMENTS / KILLS * 0.9))
                ended = allot(*command, environment={"ALLOT_FAIL_POINT": f"{point}:{draw.randint(1, share)}"})
                self.assertEqual(ended.returncode, -signal.SIGKILL, f"kill {kill} at {point}: {ended.stderr}")
                kills[point] += 1
            ended = allot(*command, environment={"ALLOT_FAIL_POINT": f"mid-export:{draw.randint(1, ASSIGNMENTS)}"})
            self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
            self.assertFalse((said["folder"] / "killed.ndjson").exists())
            self.assertEqual(allot(*command).returncode, 1)  # for the line that is not an id

            fetched = collections.Counter(
                line["target"] for line in read_journal(said) if line["target"].endswith("/allotment"))
            self.assertEqual(len(fetched), ASSIGNMENTS)
            extra = sum(fetched.values()) - ASSIGNMENTS
            print(f"seed {SEED}: {sum(kills.values())} kills ({dict(kills)}), {extra} fetches more than "
                  f"{ASSIGNMENTS}, {extra / KILLS:.0f} a kill", flush=True)
            self.assertLessEqual(extra, KILLS * IN_FLIGHT)

            undisturbed = said["folder"] / "undisturbed.db"
            self.assertEqual(allot("audit", ids, "--store", undisturbed, "--output", "/dev/null",
                                   *login_options(said)).returncode, 1)
            pairs = zip(exported(store, said["folder"] / "a"), exported(undisturbed, said["folder"] / "b"), strict=True)
            rows = 0
            for one, other in pairs:
                rows += 1
                self.assertEqual(one, other)
            self.assertEqual(rows, len(lines) + 1 + len(repeated))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
