"""What changed between two stored audits, for people and for programs."""
import json
import re
import subprocess
import unittest

from simulated import ALLOT, ENVIRONMENT, allot
from stores import change_allotment, changed, copy_of, multiply, stored_audit


class diff(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = stored_audit(200, "--select", "id,skuPartNumber,allottedUnits,consumedUnits")
        cls.old = cls.running.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)

    def compare(self, new, code, old=None):
        """The changes as NDJSON has them; the text must name as many."""
        old = old or self.old
        ended = allot("diff", old, new, "--format", "ndjson")
        self.assertEqual(ended.returncode, code, ended.stderr)
        changes = [json.loads(line) for line in ended.stdout.splitlines()]
        text = allot("diff", old, new)
        self.assertEqual((text.returncode, text.stderr), (code, ended.stderr))
        listed = {"added": 0, "gone": 0, "moved": 0, "appeared": 0, "disappeared": 0}
        for change in changes:
            word = change["kind"].split("_")[1]
            if word in listed:
                listed[word] += 1
        for word, count in listed.items():
            self.assertRegex(text.stdout, rf"(?m)^  {word} +{count:,}$")
        return changes, ended.stderr, text.stdout

    def test_an_audit_is_the_same_as_itself(self):
        self.assertEqual(self.compare(self.old, 0)[:2], ([], ""))
        self.assertEqual(self.compare(copy_of(self.old, "copy.db"), 0)[:2], ([], ""))

    def test_assignments_that_changed(self):
        new = copy_of(self.old, "new.db")
        with changed(new) as connection:
            (other,) = connection.execute(
                "SELECT key FROM allotment WHERE key <> (SELECT allotment_key FROM row WHERE position = 10)").fetchone()
            connection.execute("UPDATE row SET allotment_key = ? WHERE position = 10", (other,))
            connection.execute("UPDATE row SET allotment_key = NULL, outcome = 1 WHERE position = 11")
            connection.execute("UPDATE row SET allotment_key = NULL, outcome = 2, error_code = 'not_found' WHERE position = 12")
            connection.execute("DELETE FROM input WHERE position = 13")
            connection.execute("DELETE FROM row WHERE position = 13")
            connection.execute("UPDATE row SET allotment_key = NULL, outcome = 6, error_code = 'throttled' WHERE position = 14")
            connection.execute("INSERT INTO input SELECT 900, scope, principal_id, 'new-one', NULL, NULL FROM input"
                               " WHERE position = 15")
            connection.execute("INSERT INTO row SELECT 900, outcome, allotment_key, error_code, error_message, error_reason,"
                               " http_status, attempts, request_id, client_request_id, duration_us FROM row WHERE position = 15")
        ids = [line.split("/")[-1] for line in (self.old.parent / "ids.txt").read_text().split()]
        changes, warnings, _ = self.compare(new, 1)
        found = {change["assignmentId"]: change for change in changes if change["kind"].startswith("assignment")}
        self.assertEqual({name: (change["kind"], change["before"]["outcome"], change["after"]["outcome"])
                          for name, change in found.items()},
                         {ids[9]: ("assignment_moved", "ok", "ok"), ids[10]: ("assignment_moved", "ok", "none"),
                          ids[11]: ("assignment_gone", "ok", "not_found"), ids[12]: ("assignment_gone", "ok", "not_in_input"),
                          "new-one": ("assignment_added", "not_in_input", "ok")})
        self.assertIn("1 assignments are not comparable", warnings)
        back = self.compare(self.old, 1, old=new)[0]
        self.assertEqual(sorted(change["kind"] for change in back if change["kind"].startswith("assignment")),
                         ["assignment_added", "assignment_added", "assignment_gone", "assignment_moved", "assignment_moved"])

    def test_units_and_exhaustion(self):
        new = copy_of(self.old, "units.db")
        with changed(new) as connection:
            change_allotment(connection, 1, consumedUnits=1_000_000)
            (text,) = connection.execute("SELECT json FROM allotment WHERE key = 1").fetchone()
        sku = json.loads(text)["skuPartNumber"]
        changes, _, text = self.compare(new, 1)
        self.assertEqual([change["kind"] for change in changes], ["allotment_changed", "sku_changed", "sku_exhausted"])
        self.assertEqual(changes[0]["after"]["consumed"], 1_000_000)
        self.assertIn(f"{sku} is exhausted now", text)
        self.assertEqual([change["kind"] for change in self.compare(self.old, 1, old=new)[0]],
                         ["allotment_changed", "sku_changed", "sku_available"])

    def test_an_unfinished_audit_loses_nothing(self):
        new = copy_of(self.old, "unfinished.db")
        with changed(new) as connection:
            connection.execute("DELETE FROM row WHERE position > 150")
        changes, warnings, _ = self.compare(new, 0)
        self.assertEqual(changes, [])
        self.assertIn("unfinished.db is not finished", warnings)
        self.assertIn("50 assignments are not comparable", warnings)

    def test_other_options_are_told(self):
        new = copy_of(self.old, "options.db")
        with changed(new) as connection:
            connection.execute("UPDATE option SET value = 'somebody' WHERE name = 'tenant'")
            connection.execute("UPDATE option SET value = '' WHERE name = 'select'")
        warnings = self.compare(new, 0)[1]
        self.assertRegex(warnings, r'--tenant was "[-0-9a-f]+" and is "somebody"')
        self.assertIn("--select was", warnings)

    def test_repeats_count_once(self):
        with stored_audit(3) as store:
            twice = store.parent / "twice.db"
            with changed(copy_of(store, twice.name)) as connection:
                connection.execute("INSERT INTO input SELECT position + 3, scope, principal_id, assignment_id, position, NULL"
                                   " FROM input")
            changes, warnings, text = self.compare(twice, 0, old=store)
            self.assertEqual((changes, warnings), ([], ""))
            self.assertRegex(text, r"(?m)^  same +3$")

    def test_many_changes_are_cut_for_people_and_complete_for_programs(self):
        old, new = copy_of(self.old, "many_old.db"), copy_of(self.old, "many_new.db")
        with changed(old) as connection:
            multiply(connection, 20_000)
        with changed(new) as connection:
            multiply(connection, 20_000)
            connection.execute("UPDATE row SET outcome = 2, allotment_key = NULL WHERE position > 10000")
        changes, _, text = self.compare(new, 1, old=old)
        gone = [change for change in changes if change["kind"] == "assignment_gone"]
        self.assertEqual(len(gone), 10_000)
        order = [({"admin": 0, "user": 1, "group": 2}[change["scope"]], change["principalId"] or "", change["assignmentId"])
                 for change in gone]
        self.assertEqual(order, sorted(order))
        self.assertEqual(len(re.findall(r": not found, was ", text)), 20)
        self.assertIn("... and 9,980 more (--format ndjson has all)", text)
        process = subprocess.Popen([ALLOT, "diff", old, new, "--format", "ndjson"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.stderr.read(), "")
        process.stderr.close()
        self.assertEqual(process.wait(60), 4)

    def test_what_is_no_store_is_said(self):
        ids = self.old.parent / "ids.txt"
        for old, new, name in ((self.old, "none.db", "none.db"), (ids, self.old, "ids.txt")):
            ended = allot("diff", old, new)
            self.assertEqual((ended.returncode, ended.stdout), (4, ""))
            self.assertIn(name, ended.stderr)
        self.assertEqual(allot("diff", self.old).returncode, 2)


if __name__ == "__main__":
    unittest.main()
