"""A client written elsewhere, Node.js with jose, at the simulator: discovery, assertion, batch."""
import json
import subprocess
import unittest

import node_packages
from certificates import make_client_certificate
from oidc_provider import HERE, PACKAGES, need_packages
from simulated import ENVIRONMENT, simulator


class node_client(unittest.TestCase):
    def ask(self, said, certificate, key, algorithm):
        assignment = said["ids"].read_text().splitlines()[0].split("/")[-1]
        return subprocess.run(
            [node_packages.need("node")["node"], HERE / "discover.mjs", "--packages", PACKAGES,
             "--authority", f"{said['graph_url']}/{said['tenant']}", "--graph", said["graph_url"],
             "--client-id", said["client_id"], "--certificate", certificate, "--key", key, "--algorithm", algorithm,
             "--url", f"/admin/cloudLicensing/assignments/{assignment}/allotment"],
            env={**ENVIRONMENT, "NODE_EXTRA_CA_CERTS": said["ca_file"]}, capture_output=True, text=True, timeout=60)

    def test_finds_its_way_and_gets_an_allotment(self):
        with simulator(1) as before:
            _, certificate, key = make_client_certificate(before["folder"])
            _, stranger, strange_key = make_client_certificate(before["folder"], "stranger")
            with simulator(3, options=["--client-certificate", certificate]) as said:
                for algorithm in ("PS256", "RS256"):
                    ended = self.ask(said, certificate, key, algorithm)
                    self.assertEqual(ended.returncode, 0, ended.stderr)
                    answer, = json.loads(ended.stdout)["responses"]
                    self.assertEqual((answer["id"], answer["status"]), ("a", 200))
                    self.assertIn("skuPartNumber", answer["body"]["value"])
                refused = self.ask(said, stranger, strange_key, "PS256")
                self.assertIn("AADSTS700027", refused.stderr)
                forged = self.ask(said, certificate, strange_key, "PS256")
                self.assertIn("AADSTS700027", forged.stderr)


if __name__ == "__main__":
    need_packages()
    unittest.main()
