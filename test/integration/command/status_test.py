"""What a store says about itself: how far it is, how its runs ended, and the command that goes on."""
import json
import shlex
import signal
import subprocess
import unittest

from simulated import ALLOT, ENVIRONMENT, allot, login_options, simulator


def status(store):
    ended = allot("status", store, "--json")
    if ended.returncode != 0:
        raise AssertionError(ended.stderr)
    return json.loads(ended.stdout)


class stored(unittest.TestCase):
    def audit(self, said, *arguments, **how):
        return allot("audit", *arguments, "--store", said["folder"] / "audit.db", *login_options(said), **how)

    def go_on(self, said, command):
        """Runs what status gave, with what a store does not keep."""
        words = shlex.split(command)
        self.assertEqual(words[:2], ["allot", "audit"])
        return allot(*words[1:], "--token-url", said["token_url"], "--ca-file", said["ca_file"],
                     "--client-id", said["client_id"], "--client-secret-file", said["client_secret_file"])

    def test_a_killed_run_and_the_command_that_goes_on(self):
        with simulator(3000) as said:
            store = said["folder"] / "audit.db"
            self.audit(said, said["ids"], "--select", "id,skuPartNumber,consumedUnits",
                       environment={"ALLOT_FAIL_POINT": "after-commit:2"})
            found = status(store)
            self.assertEqual((found["state"], found["inUse"]), ("unfinished", False))
            self.assertEqual([run["end"] for run in found["runs"]], ["killed"])
            self.assertEqual((found["inputs"], found["rows"] + found["missing"]), (3000, 3000))
            self.assertGreater(found["outcomes"]["ok"], 0)
            text = allot("status", store).stdout
            self.assertIn(f"  {found['next']}\n", text)
            ended = self.go_on(said, found["next"])
            self.assertEqual(ended.returncode, 0, ended.stderr)
            found = status(store)
            self.assertEqual((found["state"], found["missing"], found["outcomes"]["ok"]), ("complete", 0, 3000))
            self.assertEqual([run["end"] for run in found["runs"]], ["killed", "complete"])
            self.assertEqual(len(allot("export", store).stdout.splitlines()), 3000)

    def test_killed_while_the_input_was_read(self):
        with simulator(10) as said:
            many = said["folder"] / "many ids.txt"
            many.write_text(said["ids"].read_text() * 4100)
            self.audit(said, many, environment={"ALLOT_FAIL_POINT": "after-input:1"})
            found = status(said["folder"] / "audit.db")
            self.assertEqual((found["state"], found["runs"]), ("reading", []))
            self.assertIn("'", found["next"])
            ended = self.go_on(said, found["next"])
            self.assertEqual(ended.returncode, 0, ended.stderr)
            found = status(said["folder"] / "audit.db")
            self.assertEqual((found["state"], found["inputs"], found["distinct"]), ("complete", 41_000, 10))

    def test_a_run_under_way(self):
        slow = {"rules": [{"match": {"path": "^/beta/"}, "do": {"delay_ms": 30}}]}
        with simulator(2000, slow) as said:
            store = said["folder"] / "audit.db"
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--store", store, "--connections", "4", "--log-level", "error",
                 *map(str, login_options(said))], stdout=subprocess.DEVNULL, env=ENVIRONMENT)
            while not store.exists() or allot("status", store).returncode != 0 or not status(store)["runs"]:
                self.assertIsNone(process.poll())
            found = status(store)
            self.assertEqual((found["inUse"], found["next"], found["runs"][0]["end"]), (True, None, "running"))
            self.assertIn("an allot is working on it now", allot("status", store).stdout)
            # Asking did not take its lock away.
            self.assertIn("another allot is working on it", self.audit(said, said["ids"]).stderr)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(60), 130)
            found = status(store)
            self.assertEqual((found["inUse"], found["runs"][0]["end"]), (False, "signal"))

    def test_a_parked_run(self):
        script = {"rules": [{"match": {"path": "^/beta/", "nth": [20]},
                             "do": {"status": 429, "headers": {"Retry-After": "7200"}}}]}
        with simulator(200, script) as said:
            self.assertEqual(self.audit(said, said["ids"]).returncode, 75)
            found = status(said["folder"] / "audit.db")
            self.assertEqual((found["state"], found["runs"][0]["end"]), ("unfinished", "parked"))
            self.assertEqual(found["parkedUntil"], found["runs"][0]["resumeAt"])
            self.assertRegex(allot("status", said["folder"] / "audit.db").stdout,
                             rf"(?m)^parked +until {found['parkedUntil']}, for another (2h00m|1h5\dm)$")

    def test_error_rows_and_what_to_do_about_them(self):
        script = {"rules": [{"match": {"path": "^/beta/", "nth": [3]}, "do": {"status": 403}}]}
        with simulator(20, script) as said:
            file = said["folder"] / "mixed.txt"
            file.write_text("../no\n" + said["ids"].read_text())
            self.assertEqual(self.audit(said, file).returncode, 1)
            found = status(said["folder"] / "audit.db")
            self.assertEqual((found["state"], found["errorRows"]), ("complete", 2))
            self.go_on(said, found["next"])
            found = status(said["folder"] / "audit.db")
            self.assertEqual((found["outcomes"]["invalid_input"], found["outcomes"]["ok"]), (1, 20))
            self.assertEqual(shlex.split(found["next"])[:2], ["allot", "export"])

    def test_what_is_no_store_is_said(self):
        with simulator(1) as said:
            for name, words in (("none.db", "there is no such file"), ("ids.txt", "no store of allot")):
                ended = allot("status", said["folder"] / name)
                self.assertEqual((ended.returncode, ended.stdout), (4, ""))
                self.assertIn(words, ended.stderr)
            self.assertEqual(sorted(path.name for path in said["folder"].glob("*.db*")), [])


if __name__ == "__main__":
    unittest.main()
