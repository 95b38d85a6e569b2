"""Audits through a network where three of ten requests meet a fault: every row good, none twice, nothing that grows.

Faults, and what meets them, are drawn from a seed: `fault_mix_test.py SEED [ASSIGNMENTS]` takes another one.
"""
import collections
import json
import os
import re
import sys
import time
import unittest

from process_watch import open_descriptors, resident_bytes
from simulated import allot, login_options, read_journal, simulator
from terminal import at_terminal
from truth import truth

SANITIZED = bool(os.environ.get("ALLOT_SANITIZED"))
SEEDS = [int(sys.argv[1])] if len(sys.argv) > 1 else [1, 2, 3]
# The sanitizers' builds are slower by a factor: fewer rows there, the same faults.
ASSIGNMENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 4_000 if SANITIZED else 50_000

CONNECTIONS = 64
# Listening, store with its log, terminal, epoll, timers, and connections that are being replaced.
OTHER_DESCRIPTORS = 40
# The silent answers are to cost that much, not the half minute that is the default.
OPTIONS = ["--strategy", "get", "--connections", str(CONNECTIONS), "--request-timeout", "2s"]

SHARES = [
    # Only slow, or sent in another form.
    (0.060, {"delay_ms": 20}),
    (0.020, {"drip_bytes_per_s": 20_000}),
    (0.010, {"encode": "gzip"}),
    (0.010, {"encode": "gzip_members"}),
    # No byte of an answer: on a connection that was in use that is one free replay.
    (0.030, {"reset": True}),
    (0.010, {"close_after_bytes": 0, "truncate_close_notify": True}),
    # What is tried again. More than this would be more than a fifth, and have to wait for the retry budget.
    (0.015, {"status": 500}),
    (0.010, {"status": 502, "body": "<html>gateway</html>", "headers": {"Content-Type": "text/html"}}),
    (0.015, {"status": 503}),
    (0.010, {"status": 504}),
    (0.005, {"status": 408}),
    (0.015, {"close_after_bytes": 300, "truncate_close_notify": True}),
    (0.015, {"close_after_bytes": 700}),
    (0.010, {"close_after_bytes": 100, "reset": True}),
    (0.015, {"close_after_bytes": 400, "half_close": True}),
    (0.005, {"half_close": True, "truncate_close_notify": True}),
    (0.005, {"raw": "SSH-2.0-OpenSSH_9.2\r\n"}),
    (0.005, {"raw": "\u0000\u00ff\u0016\u0003\u0001" * 40}),
    (0.005, {"raw": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}"}),
    (0.005, {"raw": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"}),
    (0.005, {"encode": "gzip_wrong_crc"}),
    (0.005, {"encode": "gzip_truncated"}),
    (0.005, {"encode": "unknown"}),
    # Final for one run: it is repeated with --retry-failed.
    (0.004, {"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<html>log in</html>"}),
    (0.002, {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{\"hello\":1}"}),
    (0.004, {"status": 302, "headers": {"Location": "https://elsewhere.example/"}}),
]
FORMS = ["seconds", "fraction", "date", "rfc850", "asctime", "two_fields", "negative", "exponent", "overlong", "words",
         "empty", "past_date", "absent"]


def script():
    """Each fault with its share, in the order of the rules. Before them, at places in the run: a block, in which all
    forms of Retry-After come at once, another one, silence and floods."""
    rules = []

    def rare(shares, deed, offset=0):
        places = [int(share * ASSIGNMENTS) + offset for share in shares]
        rules.append({"match": {"path": "/allotment$", "nth": places}, "do": deed})

    # Late: what was granted until then is known, and gone on with. The delay has them all under way before the first is
    # read; one probe after the other would each meet a longer hold.
    for at, form in enumerate(FORMS):
        rare((0.8,), {"status": 503 if at % 3 == 2 else 429, "retry_after": {"seconds": 1, "form": form},
                      "delay_ms": 50}, at)
    rare((0.9,), {"status": 509})
    rare((0.1, 0.3, 0.6), {"delay_ms": 600_000})
    rare((0.2, 0.4), {"encode": "gzip_bomb"})
    left = 1.0
    for share, deed in SHARES:
        rules.append({"match": {"path": "/allotment$", "probability": share / left}, "do": deed})
        left -= share
    return {"rules": rules, "revoke_tokens_at": [ASSIGNMENTS // 2]}


class fault_mix(unittest.TestCase):
    def watched(self, *arguments):
        """Runs the command, and looks at what it takes whenever it draws its progress; returns exit code and samples."""
        samples = []
        with at_terminal(*arguments, width=120) as run:
            for chunk in run.chunks():
                shown = re.search(r"([\d,]+)/[\d,]+", chunk)
                if shown and run.process.poll() is None:
                    try:
                        samples.append((int(shown[1].replace(",", "")), open_descriptors(run.process.pid),
                                        resident_bytes(run.process.pid)))
                    except (OSError, IndexError):
                        pass  # it has just ended
            code = run.process.wait(timeout=60)
        return code, samples, run.text

    def assert_flat(self, samples, text):
        def between(begin, end):
            return [each for each in samples if ASSIGNMENTS * begin <= each[0] < ASSIGNMENTS * end]

        early, late = between(0.2, 0.5), between(0.8, 1)
        self.assertTrue(early and late, (samples, text[-500:]))
        self.assertLessEqual(max(each[1] for each in samples), CONNECTIONS + OTHER_DESCRIPTORS)
        # A sanitizer keeps what is freed for a while.
        if not SANITIZED:
            most = [max(each[2] for each in part) for part in (early, late)]
            self.assertLessEqual(most[1], most[0] + (8 << 20), "bytes in memory")

    def one(self, seed):
        with simulator(ASSIGNMENTS, script(), seed=seed) as said:
            store, rows = said["folder"] / "audit.db", said["folder"] / "rows.ndjson"
            command = ["audit", said["ids"], "--store", store, "-o", rows, *OPTIONS, *login_options(said)]
            begin = time.monotonic()
            code, samples, text = self.watched(*command)
            seconds = time.monotonic() - begin
            repeats = 0
            # As somebody would who sees error rows; each time a hundredth of them is left.
            while code == 1 and repeats != 5:
                repeats += 1
                ended = allot(*command, "--retry-failed")
                code, text = ended.returncode, ended.stderr
            self.assertEqual(code, 0, text[-2000:])
            with open(rows) as lines:
                written = [json.loads(line) for line in lines]
            held = truth(said)
            seen = [each for each in read_journal(said) if each["target"].endswith("/allotment")]
        self.assertEqual([row["position"] for row in written], list(range(1, ASSIGNMENTS + 1)))
        self.assertEqual(len({row["assignmentId"] for row in written}), ASSIGNMENTS)
        self.assertEqual(collections.Counter(row["outcome"] for row in written), {"ok": ASSIGNMENTS})
        for row in written:
            self.assertEqual(row["allotment"]["id"], held[row["assignmentId"]]["id"])
            self.assertEqual(row["allotment"]["consumedUnits"], held[row["assignmentId"]]["consumedUnits"])
        self.assert_flat(samples, text)

        met = collections.Counter(each["rule"] for each in seen)
        self.assertEqual(len([rule for rule in met if rule is not None]), len(script()["rules"]), "each fault was met")
        share = 1 - met[None] / len(seen)
        self.assertGreater(share, 0.27)
        most = [max(each[at] for each in samples) for at in (1, 2)]
        print(f"seed {seed}: {ASSIGNMENTS} rows in {seconds:.0f} s, {share:.1%} of {len(seen)} requests met a fault, "
              f"{repeats} repeats, at most {most[0]} descriptors and {most[1] >> 20} MiB", flush=True)

    def test_row_10_three_of_ten_requests_meet_a_fault(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.one(seed)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
