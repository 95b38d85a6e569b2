"""`allot report` of stores that `allot audit` made."""
import json
import re
import subprocess
import unittest

from simulated import ALLOT, allot, login_options, simulator


def table_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page).group(1))


class report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = simulator(300, {"rules": [{"match": {"path": "assignments/", "nth": [1, 10]}, "do": {"status": 403}}]})
        cls.said = cls.simulator.__enter__()
        cls.addClassCleanup(cls.simulator.__exit__, None, None, None)
        cls.folder = cls.said["folder"]
        cls.store = cls.folder / "audit.db"
        ended = allot("audit", cls.said["ids"], "--store", cls.store, *login_options(cls.said))
        assert ended.returncode == 1, ended.stderr

    def report(self, *arguments):
        return allot("report", *arguments)

    def test_the_page_tells_of_the_audit(self):
        path = self.folder / "report.html"
        ended = self.report(self.store, "-o", path)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, "", ""))
        page = path.read_text()
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertIn("Of 300 assignments", page)
        self.assertIn("<code><bdi>forbidden</bdi></code>", page)
        self.assertIn("ids.txt", page)
        table = table_of(page)
        self.assertEqual(len(table["id"]), 300)
        self.assertEqual(sum(rows for _, rows in table["outcomes"]), 300)
        positions = []
        for step in table["position"]:
            positions.append(step + (positions[-1] if positions else 0))
        self.assertEqual(sorted(positions), list(range(1, 301)))

    def test_the_page_goes_to_standard_output_too(self):
        ended = self.report(self.store, "--output", "-")
        self.assertEqual(ended.returncode, 0)
        self.assertTrue(ended.stdout.endswith("</html>\n"))

    def test_the_page_does_not_replace_the_store(self):
        before = self.store.read_bytes()
        log = self.folder / "audit.db-wal"
        log.write_text("as after a kill")
        self.addCleanup(log.unlink)
        for page in (self.store, log):
            ended = self.report(self.store, "-o", page)
            self.assertEqual(ended.returncode, 2)
            self.assertIn("would overwrite the store", ended.stderr)
        self.assertEqual(self.store.read_bytes(), before)
        self.assertEqual(log.read_text(), "as after a kill")

    def test_half_a_page_does_not_stay(self):
        path = self.folder / "full.html"
        path.write_text("older")
        ended = subprocess.run(
            ["bash", "-c", 'ulimit -f 8; trap "" XFSZ; exec "$@"', "-", ALLOT, "report", self.store, "-o", path],
            capture_output=True, text=True)
        self.assertEqual(ended.returncode, 4, ended.stderr)
        self.assertIn("full.html", ended.stderr)
        self.assertEqual(path.read_text(), "older")
        self.assertEqual([each.name for each in self.folder.glob("full.html*")], ["full.html"])

    def test_what_is_no_store_is_refused(self):
        path = self.folder / "never.html"
        for store in (self.folder / "missing.db", self.said["ids"]):
            ended = self.report(store, "-o", path)
            self.assertEqual(ended.returncode, 4, ended.stderr)
            self.assertIn(store.name, ended.stderr)
            self.assertFalse(path.exists())
        self.assertEqual(self.report(self.store).returncode, 2)


if __name__ == "__main__":
    unittest.main()
