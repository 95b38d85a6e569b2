"""What an audit costs: counted as the audit would count, without a request."""
import json
import unittest

from simulated import allot, read_journal, login_options, simulator
from stores import changed, copy_of, stored_audit


def plan(*arguments, **how):
    ended = allot("plan", *arguments, "--json", **how)
    if ended.returncode != 0:
        raise AssertionError(ended.stderr)
    return json.loads(ended.stdout)


def strategies(planned):
    return {each["strategy"]: each for each in planned["strategies"]}


class plans(unittest.TestCase):
    def test_an_audit_sends_what_was_planned(self):
        with simulator(300) as said:
            mixed = said["folder"] / "mixed.txt"
            ids = said["ids"].read_text()
            mixed.write_text("# comment\n../no\n" + ids + "\n" + "\n".join(ids.splitlines()[:50]) + "\n..\n")
            planned = plan(mixed)
            self.assertEqual(read_journal(said), [], "a plan sends nothing")
            self.assertEqual((planned["entries"], planned["distinct"], planned["invalid"]), (352, 302, 2))
            self.assertEqual(planned["assignments"], 300)
            allot("audit", mixed, *login_options(said))
            sent = [line for line in read_journal(said) if line["target"].startswith("/beta/")]
            self.assertEqual(strategies(planned)["get"]["calls"], len(sent))
            self.assertEqual(plan("-", stdin=mixed.read_text())["assignments"], 300)

    def test_all_assignments_are_counted_by_listing_them(self):
        with simulator(350) as said:
            planned = plan("--all", *login_options(said))
            self.assertEqual((planned["input"], planned["assignments"]), (None, 350))
            self.assertEqual(strategies(planned)["list"]["calls"], 4)
            sent = [line["target"] for line in read_journal(said) if line["target"].startswith("/beta/")]
            self.assertEqual(len(sent), 4)
            self.assertFalse([target for target in sent if "allotment" in target], "a plan asks for no allotment")
            for arguments in (["--all", "--count", "3"], ["--user", "u", "--count", "3"]):
                self.assertEqual(allot("plan", *arguments, *login_options(said)).returncode, 2)

    def test_what_is_given_instead_of_an_input(self):
        planned = plan("--count", 1_000_000, "--expand", "waitingMembers", "--page-size", 200, "--batch-size", 10, "--rate", 250)
        found = strategies(planned)
        self.assertEqual([(name, each["calls"], each["resourceUnits"]) for name, each in found.items()],
                         [("get", 1_000_000, 2_000_000), ("batch", 100_000, 2_000_000), ("list", 5_000, 10_000)])
        self.assertEqual(found["get"]["seconds"]["rate"], 4000)
        self.assertEqual(found["get"]["seconds"]["L"], 2500)
        self.assertEqual((planned["cheapest"], planned["input"]), ("list", None))
        text = allot("plan", "--count", 5).stdout
        self.assertIn("Microsoft publishes no limit for this API", text)

    def test_the_rate_of_a_store(self):
        with stored_audit(20) as store:
            learned = copy_of(store, "learned.db")
            with changed(learned) as connection:
                (started,) = connection.execute("SELECT started FROM run").fetchone()
                connection.execute("DELETE FROM sample")
                connection.execute("INSERT INTO sample VALUES (?, 1, 20, 1000, 0, 0, 5000, 0)", (started + 15_000,))
            planned = plan("--count", 1000, "--store", learned)
            self.assertEqual(planned["learned"]["requestsPerSecond"], 100)
            self.assertEqual(strategies(planned)["get"]["seconds"]["learned"], 10)
            self.assertEqual(strategies(planned)["get"]["seconds"]["learnedWithHolds"], 15)
            with changed(learned) as connection:
                connection.execute("DELETE FROM sample")
            ended = allot("plan", "--count", 5, "--store", learned, "--json")
            self.assertEqual((ended.returncode, json.loads(ended.stdout)["learned"]), (0, None))
            self.assertIn("no run that was long enough", ended.stderr)
            self.assertEqual(allot("plan", "--count", 5, "--store", store.parent / "none.db").returncode, 4)

    def test_inputs_that_cannot_be_used(self):
        for arguments, words in ((("none.txt",), "there is no such file"), (("-",), "is empty"),
                                 (("none.txt", "--count", 3), "--count is for what has no input"),
                                 (("--count", 3, "--select", "a b"), "$select")):
            ended = allot("plan", *arguments, stdin="")
            self.assertEqual((ended.returncode, ended.stdout), (2, ""))
            self.assertIn(words, ended.stderr)

    def test_no_trace_is_left(self):
        with simulator(3) as said:
            scratch = said["folder"] / "scratch"
            scratch.mkdir()
            plan(said["ids"], environment={"TMPDIR": str(scratch)})
            self.assertEqual(list(scratch.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
