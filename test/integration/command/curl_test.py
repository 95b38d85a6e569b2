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


class curl_and_allot(unittest.TestCase):
    def test_both_are_seen_and_answered_alike(self):
        with simulator(30) as said:
            ended = allot("audit", said["ids"], *QUERY, *login_options(said))
            self.assertEqual(ended.returncode, 0, ended.stderr)
            by_allot = [entry for entry in read_journal(said) if entry["method"] == "GET"]
            self.assertEqual(len(by_allot), 30)

            with open(said["client_secret_file"]) as secret:
                token = json.loads(curl(
                    said, said["token_url"], "--data", f"client_id={said['client_id']}", "--data-urlencode",
                    f"client_secret={secret.read()}", "--data-urlencode",
                    f"scope={said['graph_url']}/.default", "--data", "grant_type=client_credentials"))["access_token"]
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
