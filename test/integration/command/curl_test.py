"""The same requests by curl and by allot: the simulator sees the same, and both get the same."""
import json
import subprocess
import unittest

from simulated import allot, login_options, read_journal, rows_of, simulator

QUERY = ["--select", "id,skuPartNumber,consumedUnits", "--expand", "assignments"]


def curl(said, *arguments):
    ended = subprocess.run(
        ["curl", "--silent", "--show-error", "--cacert", said["ca_file"], *arguments], capture_output=True, text=True,
        timeout=60)
    if ended.returncode != 0:
        raise RuntimeError(ended.stderr)
    return ended.stdout


def token_of(said, token_url):
    return json.loads(curl(
        said, token_url, "--data", f"client_id={said['client_id']}", "--data-urlencode",
        f"client_secret@{said['client_secret_file']}", "--data-urlencode", f"scope={said['graph_url']}/.default",
        "--data", "grant_type=client_credentials"))["access_token"]


class curl_and_allot(unittest.TestCase):
    def test_both_are_seen_and_answered_alike(self):
        with simulator(30) as said:
            ended = allot("audit", said["ids"], *QUERY, *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            by_allot = [entry for entry in read_journal(said) if entry["method"] == "GET"]
            self.assertEqual(len(by_allot), 30)

            token = token_of(said, said["token_url"])
            answers = {}
            for entry in by_allot:
                fields = {name: value for name, value in entry["fields"].items()
                          if name.lower() not in ("host", "authorization")}
                headers = [part for name, value in fields.items() for part in ("--header", f"{name}: {value}")]
                # Otherwise curl would take $ and braces of a target for its own.
                answers[entry["target"]] = json.loads(curl(
                    said, "--globoff", "--path-as-is", *headers, "--header", f"Authorization: Bearer {token}",
                    said["graph_url"] + entry["target"]))
            by_curl = [entry for entry in read_journal(said) if entry["method"] == "GET"][30:]

        for one, two in zip(by_allot, by_curl, strict=True):
            self.assertEqual(one["target"], two["target"])
            self.assertEqual(lower(one["fields"]), lower(two["fields"]))
            self.assertEqual(one["status"], two["status"])
        with_allotment = [row for row in rows_of(ended) if row["outcome"] == "ok"]
        self.assertEqual(len(with_allotment), 30)
        for row in with_allotment:
            matching = [answer for target, answer in answers.items() if f"/{row['assignmentId']}/allotment" in target]
            self.assertEqual(row["allotment"], without_annotations(matching[0].get("value", matching[0])))

    def test_discovery_leads_to_a_token_and_a_batch(self):
        script = {"throttle": {"per_second": 1, "burst": 5, "retry_after": 9},
                  "rules": [{"match": {"item": True, "nth": [2]}, "do": {"status": 503, "retry_after": 3}}]}
        with simulator(5, script) as said:
            host = said["graph_url"].removeprefix("https://")
            instance = json.loads(curl(
                said, "--get", said["graph_url"] + "/common/discovery/instance", "--data", "api-version=1.1",
                "--data-urlencode", f"authorization_endpoint=https://{host}/{said['tenant']}/oauth2/v2.0/authorize"))
            configuration = json.loads(curl(said, instance["tenant_discovery_endpoint"]))
            self.assertEqual(configuration["issuer"], f"{said['graph_url']}/{said['tenant']}/v2.0")
            self.assertEqual(configuration["token_endpoint"], said["token_url"])
            self.assertEqual(json.loads(curl(said, configuration["jwks_uri"])), {"keys": []})
            token = token_of(said, configuration["token_endpoint"])
            urls = ["/admin/cloudLicensing/assignments/" + line.split("/")[-1] + "/allotment"
                    for line in said["ids"].read_text().splitlines()]
            items = [{"id": str(number), "method": "GET", "url": url} for number, url in enumerate([*urls, "/a", urls[0]])]
            batch = [said["graph_url"] + "/beta/$batch", "--header", f"Authorization: Bearer {token}", "--json"]
            answers = {answer["id"]: answer for answer in json.loads(curl(
                said, *batch, json.dumps({"requests": items})))["responses"]}
            refused = json.loads(curl(said, *batch, json.dumps({"requests": 4 * items[:5] + items[:1]})))
            stats = json.loads(curl(said, said["graph_url"] + "/stats"))
            line = [entry for entry in read_journal(said) if entry["target"].endswith("$batch")][0]
        self.assertEqual({name: answer["status"] for name, answer in answers.items()},
                         {"0": 200, "1": 503, "2": 200, "3": 200, "4": 200, "5": 429, "6": 429})
        self.assertEqual({lower(answers[name]["headers"])["retry-after"] for name in ("5", "6")}, {"9"})
        self.assertEqual(lower(answers["1"]["headers"])["retry-after"], "3")
        self.assertEqual(refused["error"]["code"], "BadRequest")
        self.assertEqual((stats["requests"], stats["batch_items"], stats["units"], stats["throttled"], stats["early"]),
                         (2, 7, 5, 2, 0))
        self.assertEqual(stats["items_by_status"], {"200": 4, "429": 2, "503": 1})
        self.assertEqual(sum(stats["per_second"]["units"]), 5)
        self.assertEqual((stats["token_requests"], stats["discovery_requests"]), (1, 3))
        self.assertEqual([item["status"] for item in line["items"]], [200, 503, 200, 200, 200, 429, 429])


def lower(fields):
    """All fields but the token, which is another one."""
    return {name.lower(): value for name, value in fields.items() if name.lower() != "authorization"}


def without_annotations(value):
    if isinstance(value, dict):
        return {name: without_annotations(member) for name, member in value.items() if not name.startswith("@")}
    if isinstance(value, list):
        return [without_annotations(member) for member in value]
    return value


if __name__ == "__main__":
    unittest.main()
