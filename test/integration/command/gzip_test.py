"""`allot list` against nginx that compresses: the pages that are asked for so, and nothing else."""
import json
import pathlib
import random
import tempfile
import unittest
import uuid

from certificates import make_ca, make_leaf
from nginx import nginx
from simulated import ROOT, allot, rows_of

FIXTURES = ROOT / "test" / "fixtures" / "graph"
LIST = "/beta/admin/cloudLicensing/assignments"


class nginx_gzip(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scope = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.scope.name)
        folder.chmod(0o711)  # nginx's worker may be another user
        ca = make_ca(folder)
        certificate, key = make_leaf(folder, ca)
        (folder / "token").write_text("a-dummy-token\n")
        draws = random.Random(1)
        cls.ids = [str(uuid.UUID(int=draws.getrandbits(128))) for _ in range(900)]
        allotment = json.loads((FIXTURES / "allotment-for-assignment.json").read_text())["value"]
        cls.sku = allotment["skuPartNumber"]
        entities = [{"id": each, "allotment": allotment} for each in cls.ids]
        (folder / "page.json").write_text(json.dumps({"value": entities}))
        # A bomb: a page and 30 MiB of spaces.
        (folder / "bomb.json").write_text(json.dumps({"value": []}) + " " * 30 * 1024 * 1024)
        answer = 'default_type "application/json;odata.metadata=minimal"; alias'
        locations = f"""
            gzip on; gzip_types *; gzip_min_length 1; gzip_comp_level 9;
            location = {LIST} {{ {answer} "{folder}/page.json"; }}
            location = /bomb{LIST} {{ {answer} "{folder}/bomb.json"; }}
            location ~ ^{LIST}/[^/]+/allotment$ {{ {answer} "{FIXTURES}/allotment-for-assignment.json"; }}
            """
        with nginx(folder, certificate, key, locations) as server:
            def ask(command, *options, below=""):
                return allot(command, *options, "--graph-url", server.url + below, "--ca-file", ca[0],
                             "--token-file", folder / "token")
            cls.listed = ask("list", "--expand", "allotment")
            cls.bombed = ask("list", below="/bomb")
            cls.gotten = ask("get", "a-1")
        cls.requests = {request["target"].split("?")[0]: request for request in server.requests()}
        cls.count = len(server.requests())

    @classmethod
    def tearDownClass(cls):
        cls.scope.cleanup()

    def test_a_compressed_page_gives_its_rows(self):
        self.assertEqual(self.listed.returncode, 0, self.listed.stderr)
        rows = rows_of(self.listed)
        self.assertEqual([row["assignmentId"] for row in rows], self.ids)
        self.assertEqual({row["assignment"]["allotment"]["skuPartNumber"] for row in rows}, {self.sku})
        self.assertEqual(self.requests[LIST]["accept_encoding"], "gzip")
        self.assertEqual(self.requests[LIST]["sent_encoding"], "gzip")

    def test_a_bomb_is_refused_and_not_asked_for_again(self):
        self.assertNotEqual(self.bombed.returncode, 0)
        self.assertEqual(self.bombed.stdout, "")
        self.assertIn("100 times its size as gzip", self.bombed.stderr)
        self.assertEqual(self.requests["/bomb" + LIST]["sent_encoding"], "gzip")
        self.assertEqual(self.count, 3)

    def test_an_allotment_is_not_asked_for_compressed(self):
        self.assertEqual(self.gotten.returncode, 0, self.gotten.stderr)
        request = self.requests[LIST + "/a-1/allotment"]
        self.assertEqual((request["accept_encoding"], request["sent_encoding"]), ("", ""))


if __name__ == "__main__":
    unittest.main()
