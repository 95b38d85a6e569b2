"""`allot audit` against nginx with the documented answers, and what nginx saw of it."""
import json
import pathlib
import tempfile
import unittest

from certificates import make_ca, make_leaf
from nginx import LOGGED, nginx
from simulated import ROOT, allot, read_journal, rows_of, simulator

FIXTURES = ROOT / "test" / "fixtures" / "graph"
TOKEN = "a-dummy-token.for_nginx~only+/="


class nginx_audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scope = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.scope.name)
        cls.folder = folder
        ca = make_ca(folder)
        cls.ca_file = ca[0]
        certificate, key = make_leaf(folder, ca)
        (folder / "token").write_text(TOKEN + "\n")
        answer = 'default_type "application/json;odata.metadata=minimal"; alias'
        locations = f"""
            location = /beta/admin/cloudLicensing/assignments/a-1/allotment
                {{ {answer} "{FIXTURES}/allotment-for-assignment.json"; }}
            location = /beta/users/ada@contoso.com/cloudLicensing/assignments/a-2/allotment
                {{ {answer} "{FIXTURES}/allotment-bare.json"; }}
            location = /beta/groups/g-1/cloudLicensing/assignments/a-3/allotment
                {{ {answer} "{FIXTURES}/allotment-expanded.json"; }}
            location = /beta/admin/cloudLicensing/assignments/none/allotment {{ return 204; }}
            location = /beta/admin/cloudLicensing/assignments/portal/allotment
                {{ default_type text/html; return 200 '<html>Sign in</html>'; }}
            location = /beta/admin/cloudLicensing/assignments/moved/allotment
                {{ return 307 https://elsewhere.example/; }}
            location / {{ return 404; }}
            error_page 404 @missing;
            location @missing {{ default_type application/json; root "{FIXTURES}"; try_files /error-404.json =500; }}
            """
        cls.lines = ["a-1", "users/ada@contoso.com/a-2", "groups/g-1/a-3", "none", "missing", "portal", "moved",
                     "a-1"]
        with nginx(folder, certificate, key, locations) as server:
            cls.url = server.url
            cls.ended = allot(
                "audit", "-", "--strategy", "get", "--graph-url", server.url, "--ca-file", cls.ca_file,
                "--token-file", folder / "token", "--max-attempts", "2", stdin="".join(line + "\n" for line in cls.lines))
            cls.gotten = allot(
                "get", "a-1", "--graph-url", server.url, "--ca-file", cls.ca_file, "--token-file", folder / "token")
        cls.requests = server.requests()

    @classmethod
    def tearDownClass(cls):
        cls.scope.cleanup()

    def rows(self):
        return {row["position"]: row for row in rows_of(self.ended)}

    def test_one_row_for_each_line(self):
        rows = self.rows()
        self.assertEqual(sorted(rows), list(range(1, len(self.lines) + 1)), self.ended.stderr)
        self.assertEqual(self.ended.returncode, 1, self.ended.stderr)
        self.assertEqual([rows[position]["outcome"] for position in sorted(rows)],
                         ["ok", "ok", "ok", "none", "not_found", "bad_body", "failed", "ok"])

    def test_allotments_are_those_that_nginx_sent(self):
        rows = self.rows()
        for position, name in ((1, "allotment-for-assignment"), (2, "allotment-bare"), (3, "allotment-expanded")):
            sent = json.loads((FIXTURES / f"{name}.json").read_text())
            self.assertEqual(rows[position]["allotment"], plain(sent.get("value", sent)), name)
        self.assertEqual(rows[8]["allotment"], rows[1]["allotment"])

    def test_get_prints_the_documented_allotment(self):
        sent = json.loads((FIXTURES / "allotment-for-assignment.json").read_text())["value"]
        self.assertEqual(self.gotten.returncode, 0, self.gotten.stderr)
        self.assertEqual(json.loads(self.gotten.stdout), plain(sent))

    def test_errors_say_what_nginx_said(self):
        rows = self.rows()
        self.assertEqual(rows[4]["httpStatus"], 204)
        self.assertEqual(rows[5]["httpStatus"], 404)
        self.assertEqual(rows[5]["error"]["code"], "not_found")
        self.assertIn("itemNotFound", rows[5]["error"]["message"])
        self.assertIn("Sign in", rows[6]["error"]["message"])
        self.assertIn("elsewhere.example", rows[7]["error"]["message"])
        self.assertEqual(rows[7]["error"]["reason"], "permanent")

    def test_a_line_given_twice_is_fetched_once(self):
        targets = [request["target"] for request in self.requests]
        self.assertEqual(targets.count("/beta/admin/cloudLicensing/assignments/a-1/allotment"), 2,
                         "once by the audit, once by get")

    def test_the_simulator_sees_the_same_request(self):
        with simulator(1, {}) as said:
            allot("get", "a-1", "--graph-url", said["graph_url"], "--ca-file", said["ca_file"], "--token-file",
                  self.folder / "token")
            seen = [entry for entry in read_journal(said) if entry["method"] == "GET"][0]
        logged = [request for request in self.requests if "/a-1/" in request["target"]][0]
        self.assertEqual(logged["target"], seen["target"])
        self.assertEqual(logged["authorization"], "Bearer " + TOKEN)
        fields = {name.lower().replace("-", "_"): value for name, value in seen["fields"].items()}
        for own in ("authorization", "client_request_id"):
            self.assertTrue(fields.pop(own))
            self.assertTrue(logged[own])
        self.assertRegex(fields.pop("host"), r"^[a-z0-9.]+:\d+$")
        for name, value in fields.items():
            self.assertEqual(logged[name], value, name)
        for name in set(LOGGED) - set(fields) - {"host", "authorization", "client_request_id"}:
            self.assertEqual(logged[name], "", name)


def plain(value):
    """What of Graph's JSON an allotment keeps: without control information, dates in one form."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items() if not name.startswith("@")}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, str) and value.endswith("T00:00:00.000Z"):
        return value[:10]
    if isinstance(value, str) and value.endswith("+00:00"):
        return value[:-6] + "Z"
    return value


if __name__ == "__main__":
    unittest.main()
