"""`allot audit --strategy`: each gives the same rows, whatever comes between, and auto says what it takes and why."""
import collections
import json
import unittest

from simulated import allot, login_options, read_journal, rows_of, simulator
from truth import truth

# Each with its share of items. No answer is final but those of Graph itself. What is tried again stays below a fifth: more
# would have to wait for the retry budget.
ITEM_FAULTS = [
    (0.01, {"status": 500}), (0.01, {"status": 503}), (0.005, {"status": 504}), (0.005, {"status": 408}),
    (0.01, {"item_answer": "missing"}), (0.003, {"item_answer": "doubled"}), (0.003, {"item_answer": "unknown_id"}),
    (0.003, {"status": 424}), (0.003, {"status": 401}), (0.05, {"delay_ms": 20}),
]
# Each meets one batch, of up to 20 items.
BATCH_FAULTS = [
    {"status": 500}, {"status": 503}, {"status": 413}, {"status": 400}, {"reset": True}, {"close_after_bytes": 3000},
    {"raw": "SSH-2.0\r\n"}, {"encode": "gzip_truncated"}, {"encode": "gzip"}, {"delay_ms": 50},
    {"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<html>log in</html>"},
    {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{\"responses\":[]}"},
]


def fault_mix(assignments):
    late = assignments * 2 // 3  # what is left then is asked for at the rate that was granted
    rules = [{"match": {"item": True, "nth": [late]}, "do": {"status": 429, "retry_after": 1}},
             {"match": {"item": True, "nth": [late + 5]}, "do": {"status": 503, "retry_after": 2}}]
    left = 1.0
    for share, deed in ITEM_FAULTS:
        rules.append({"match": {"item": True, "probability": share / left}, "do": deed})
        left -= share
    for number, deed in enumerate(BATCH_FAULTS):
        rules.append({"match": {"path": "/.batch$", "nth": [10 + 10 * number]}, "do": deed})
    return {"rules": rules}


def audit(said, *arguments):
    return allot("audit", *arguments, *login_options(said))


def requests(said):
    """GETs of one allotment, batches, items of batches."""
    journal = read_journal(said)
    batches = [line for line in journal if line["target"].endswith("$batch")]
    alone = sum(line["target"].split("?")[0].endswith("/allotment") for line in journal)
    return alone, len(batches), sum(len(line.get("items", [])) for line in batches)


class strategies(unittest.TestCase):
    def same_members(self, rows):
        return {row["assignmentId"]: (row["position"], row["outcome"], row.get("allotment")) for row in rows}

    def test_all_give_the_same_rows(self):
        with simulator(350) as said:
            by_get = self.same_members(rows_of(audit(said, said["ids"], "--strategy", "get")))
            self.assertEqual(len(by_get), 350)
            self.assertEqual(requests(said)[1], 0)
            by_batch = self.same_members(rows_of(audit(said, said["ids"], "--strategy", "batch")))
            self.assertEqual(by_batch, by_get)
            self.assertEqual(requests(said)[2], 350)
            for strategy in ("list", "batch", "get", "auto"):
                listed = self.same_members(rows_of(audit(said, "--all", "--strategy", strategy)))
                self.assertEqual({key: value[1:] for key, value in listed.items()},
                                 {key: value[1:] for key, value in by_get.items()})

    def test_ids_that_do_not_exist(self):
        with simulator(30) as said:
            ids = said["folder"] / "more.txt"
            ids.write_text(said["ids"].read_text() + "no-such-assignment\n../bad\n" + said["ids"].read_text())
            for strategy in ("get", "batch"):
                ended = audit(said, ids, "--strategy", strategy)
                self.assertEqual(ended.returncode, 1, ended.stderr)
                found = collections.Counter(row["outcome"] for row in rows_of(ended))
                self.assertEqual(found, {"ok": 60, "not_found": 1, "invalid_input": 1})

    def test_row_10_faults_of_items_and_of_batches_lose_and_double_no_row(self):
        assignments = 3_000
        with simulator(assignments, fault_mix(assignments), seed=7) as said:
            store, rows = said["folder"] / "audit.db", said["folder"] / "rows.ndjson"
            ended = audit(said, said["ids"], "--strategy", "batch", "--store", store, "-o", rows, "--request-timeout", "2s")
            self.assertEqual(ended.returncode, 0, ended.stderr)
            written = [json.loads(line) for line in rows.read_text().splitlines()]
            held = truth(said)
            journal = read_journal(said)
        self.assertEqual([row["position"] for row in written], list(range(1, assignments + 1)))
        self.assertEqual(collections.Counter(row["outcome"] for row in written), {"ok": assignments})
        for row in written:
            self.assertEqual(row["allotment"]["id"], held[row["assignmentId"]]["id"])
            self.assertEqual(row["allotment"]["consumedUnits"], held[row["assignmentId"]]["consumedUnits"])
        items = [item for line in journal for item in line.get("items", [])]
        met = {each["rule"] for each in items + journal}
        self.assertEqual(set(range(len(fault_mix(assignments)["rules"]))) - met, set(), "each fault was met")
        # Attempts stay within the budget.
        sent = len(items) + sum(line["target"].endswith("/allotment") for line in journal)
        self.assertLess(sent, assignments * 1.2 + 300)

    def test_throttled_batches_never_come_early(self):
        throttle = {"throttle": {"per_second": 1000, "burst": 1000, "retry_after": 1, "limit_percentage": False}}
        with simulator(1_800, throttle) as said:
            ended = audit(said, said["ids"], "--strategy", "batch", "--log-level", "info")
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(len(rows_of(ended)), 1_800)
            journal = read_journal(said)
            self.assertEqual([line["target"] for line in journal if line.get("early")], [])
            self.assertIn(429, {item["status"] for line in journal for item in line.get("items", [])})

    def test_auto_says_what_it_takes_and_why(self):
        slow = {"latency_ms": 120}
        with simulator(400, slow) as said:
            ended = audit(said, said["ids"], "--log-level", "info", "--connections", "16")
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertRegex(ended.stderr, "strategy batch: 16 connections and answers in 1[0-9][0-9] ms allow for")
            self.assertGreater(requests(said)[1], 0)
            ended = audit(said, said["ids"], "--log-level", "info", "--connections", "16", "--rate", "90")
            self.assertRegex(ended.stderr, "strategy get: 16 connections and answers in .* not fewer than the 90")
            ended = audit(said, "--all", "--log-level", "info")
            self.assertIn("strategy list: pages of assignments come with their allotments", ended.stderr)
        with simulator(40) as said:
            ended = audit(said, said["ids"], "--log-level", "info")
            self.assertIn("strategy get: no more assignments than 64 connections", ended.stderr)

    def test_plan_says_what_auto_takes(self):
        for arguments, expected in ((["--count", "10000"], "list"), (["--count", "10000", "--expand", "assignments"], None),
                                    (["--count", "20", "--expand", "assignments"], "get")):
            self.assertEqual(json.loads(allot("plan", *arguments, "--json").stdout)["auto"], expected)
        text = allot("plan", "-", stdin="\n".join(map(str, range(1000))))
        self.assertIn("auto: get where the first answers come within 53 ms, else batch", text.stdout)

    def test_what_there_is_not(self):
        ended = allot("audit", "--strategy", "post", stdin="")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("must be auto, get, batch or list", ended.stderr)


if __name__ == "__main__":
    unittest.main()
