"""A new user's command line in every cloud: the hosts are the real ones, --connect-to puts the simulator in their place."""
import pathlib
import unittest
import urllib.parse

from simulated import allot, read_journal, rows_of, simulator

# Name on the command line, host of Graph, host of the authority.
CLOUDS = [
    ("global", "graph.microsoft.com", "login.microsoftonline.com"),
    ("usgov", "graph.microsoft.us", "login.microsoftonline.us"),
    ("dod", "dod-graph.microsoft.us", "login.microsoftonline.us"),
    ("china", "microsoftgraph.chinacloudapi.cn", "login.partner.microsoftonline.cn"),
]
GLOBAL = CLOUDS[0]
WARNING = "Graph documents this API for the global cloud only"


def environment_of(said):
    """What a new user sets, and nothing else."""
    return {"AZURE_TENANT_ID": said["tenant"], "AZURE_CLIENT_ID": said["client_id"],
            "AZURE_CLIENT_SECRET": pathlib.Path(said["client_secret_file"]).read_text()}


def mapped(said, *hosts):
    port = urllib.parse.urlsplit(said["graph_url"]).port
    options = ["--ca-file", said["ca_file"]]
    for host in hosts:
        options += ["--connect-to", f"{host}:443:127.0.0.1:{port}"]
    return options


class clouds(unittest.TestCase):
    def audit(self, graph, authority, *options, environment=None, arguments=None):
        """Audits 150 assignments; the requests were made to these two hosts, and all rows are good."""
        with simulator(150) as said:
            ended = allot("audit", *(arguments or [said["ids"]]), *options, *mapped(said, graph, authority),
                          environment={**environment_of(said), **(environment or {})})
            seen = read_journal(said)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual([row["outcome"] for row in rows_of(ended)], ["ok"] * 150)
        hosts = {"token": set(), "graph": set()}
        for entry in seen:
            hosts["token" if entry["method"] == "POST" else "graph"].add(entry["fields"]["Host"])
        self.assertEqual(hosts, {"token": {authority}, "graph": {graph}})
        return ended

    def test_three_variables_are_all_that_is_needed(self):
        _, graph, authority = GLOBAL
        ended = self.audit(graph, authority)
        self.assertNotIn(WARNING, ended.stderr)

    def test_every_cloud(self):
        for name, graph, authority in CLOUDS:
            with self.subTest(name):
                ended = self.audit(graph, authority, "--cloud", name)
                if name == "global":
                    self.assertNotIn(WARNING, ended.stderr)
                else:
                    self.assertIn(f"{WARNING}; in {name} it may answer 404 or 403 for everything", ended.stderr)

    def test_the_warning_comes_with_every_command_that_asks_graph(self):
        _, graph, authority = CLOUDS[1]
        with simulator(3) as said:
            first = said["ids"].read_text().split()[0]
            for command in (["get", first], ["list"], ["plan", "--all"],
                            ["audit", said["ids"], "--store", said["folder"] / "audit.db"]):
                with self.subTest(command[0]):
                    ended = allot(*command, "--cloud", "usgov", *mapped(said, graph, authority),
                                  environment=environment_of(said))
                    self.assertEqual(ended.returncode, 0, ended.stderr)
                    self.assertIn(WARNING, ended.stderr)

    def test_pages_of_a_list(self):
        for name, graph, authority in CLOUDS:
            with self.subTest(name):
                self.audit(graph, authority, "--cloud", name, "--page-size", "50", arguments=["--all"])

    def test_the_authority_of_the_environment(self):
        _, graph, authority = GLOBAL
        for variable in ("https://login.chinacloudapi.cn/", "login.chinacloudapi.cn"):
            with self.subTest(variable):
                self.audit(graph, "login.chinacloudapi.cn", environment={"AZURE_AUTHORITY_HOST": variable})
        # What is said on the command line counts more.
        ended = self.audit(graph, authority, "--cloud", "global",
                           environment={"AZURE_AUTHORITY_HOST": "https://login.chinacloudapi.cn"})
        self.assertIn("AZURE_AUTHORITY_HOST is https://login.chinacloudapi.cn, of the cloud china; --cloud global comes "
                      "before it", ended.stderr)

    def test_a_cloud_with_two_authorities_keeps_the_one_of_the_environment(self):
        _, graph, authority = CLOUDS[3]
        for host in (authority, "login.chinacloudapi.cn"):
            with self.subTest(host):
                ended = self.audit(graph, host, "--cloud", "china", environment={"AZURE_AUTHORITY_HOST": host})
                self.assertNotIn("AZURE_AUTHORITY_HOST", ended.stderr)

    def test_the_graph_url_names_the_cloud_too(self):
        name, graph, authority = CLOUDS[1]
        ended = self.audit(graph, authority, "--graph-url", f"https://{graph}")
        self.assertIn(f"{WARNING}; in {name} it may answer", ended.stderr)
        ended = self.audit(graph, "login.microsoftonline.com", "--graph-url", f"https://{graph}",
                           environment={"AZURE_AUTHORITY_HOST": "login.microsoftonline.com"})
        self.assertIn("AZURE_AUTHORITY_HOST is that of the cloud global, whose tokens are worth nothing at "
                      f"https://{graph}, the Graph of the cloud usgov", ended.stderr)

    def test_an_authority_that_does_not_know_the_graph_of_this_cloud(self):
        _, graph, authority = CLOUDS[2]
        with simulator(1, {"rules": [{"match": {"path": "/token$"}, "do": {
                "status": 400, "body": {"error": "invalid_resource", "error_description": "AADSTS500011: unknown",
                                        "error_codes": [500011]}}}]}) as said:
            ended = allot("audit", said["ids"], "--cloud", "dod", *mapped(said, graph, authority),
                          environment=environment_of(said))
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("and that it is of the tenant's cloud", ended.stderr)


if __name__ == "__main__":
    unittest.main()
