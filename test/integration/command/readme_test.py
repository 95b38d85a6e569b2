"""Every code block of the README is compiled or run."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import unittest

from simulated import BUILD, ENVIRONMENT, ROOT, login_options, simulator

BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def blocks(language):
    return [text for name, text in BLOCKS if name == language]


def token_of(said):
    with open(said["client_secret_file"]) as secret:
        answer = subprocess.run(
            ["curl", "--silent", "--show-error", "--cacert", said["ca_file"], said["token_url"], "--data",
             "grant_type=client_credentials", "--data-urlencode", f"client_id={said['client_id']}",
             "--data-urlencode", f"client_secret={secret.read()}", "--data-urlencode",
             f"scope={said['graph_url']}/.default"], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)["access_token"]


class readme(unittest.TestCase):
    def test_every_block_has_a_test(self):
        self.assertEqual({name for name, _ in BLOCKS}, {"sh", "cpp", "text"})

    def test_the_program_prints_the_sku(self):
        with simulator(5) as said:
            token = said["folder"] / "token"
            token.write_text(token_of(said))
            assignment = said["ids"].read_text().splitlines()[0].split("/")[-1]
            ended = subprocess.run(
                [BUILD / "test" / "integration" / "readme_example", said["graph_url"], said["ca_file"], token, assignment],
                capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
        self.assertEqual(ended.stderr, "")
        self.assertRegex(ended.stdout, rf"^{assignment} \w+\n$")

    def test_dev_has_the_commands(self):
        usage = subprocess.run([ROOT / "dev", "--help"], capture_output=True, text=True, check=True).stdout
        for command in re.findall(r"\./dev (\w+)", (ROOT / "README.md").read_text()):
            self.assertRegex(usage, rf"(?m)^  {command}\b")
        for name in re.findall(r"\./dev bench (\w+)", (ROOT / "README.md").read_text()):
            self.assertTrue(name == "list" or os.access(ROOT / "bench" / name, os.X_OK), name)

    def test_the_commands_do_what_they_say(self):
        lines = [line for text in blocks("sh") for line in text.splitlines() if not line.startswith("./dev ")]
        with simulator(20) as said:
            folder = pathlib.Path(said["folder"])
            (folder / "throttle.json").write_text('{"throttle":{"per_second":400,"burst":400,"retry_after":5}}')
            (folder / "secret.txt").write_text(pathlib.Path(said["client_secret_file"]).read_text())
            # Where the README says a real tenant, the simulator stands in.
            here = ["--graph-url", said["graph_url"], "--token-url", said["token_url"], "--ca-file", said["ca_file"]]
            prelude = ["set -eu", f"PATH={shlex.quote(str(BUILD))}:$PATH"]
            for line in lines:
                script = list(prelude)
                if line.startswith("export"):
                    prelude.append(line.replace("11111111-2222-3333-4444-555555555555", said["client_id"]))
                    continue
                if line.startswith(("allot audit", "allot list", "allot whoami")):
                    options = shlex.join(here if any("export" in each for each in prelude) else
                                         map(str, login_options(said)))
                    script.append(f'allot() {{ command allot "$@" {options}; }}')
                    script.append(line)
                elif line.startswith("allot diff"):
                    # Against the audit that the lines above made.
                    (folder / "last-week.db").write_bytes((folder / "ids.db").read_bytes())
                    script.append(line)
                elif not line.startswith("allot simulate"):
                    script.append(line)
                else:
                    # It serves until it is told to stop, which it is once it says that it listens.
                    script.append(f"{line.split('#')[0]} 2>said & until [ -s said ]; do :; done; kill $!; wait $!")
                ended = subprocess.run(
                    ["bash", "-c", "\n".join(script)], cwd=folder, capture_output=True, text=True, env=ENVIRONMENT,
                    timeout=60)
                self.assertEqual(ended.returncode, 0, line + "\n" + ended.stderr)
            self.assertEqual(len((folder / "rows.ndjson").read_text().splitlines()), 20)
            self.assertEqual(len((folder / "tenant.ndjson").read_text().splitlines()), 20)
            self.assertEqual(len((folder / "rows.csv").read_text().splitlines()), 21)
            self.assertEqual(len((folder / "audit.csv").read_text().splitlines()), 21)
            self.assertEqual(len((folder / "some.txt").read_text().splitlines()), 1000)
            self.assertIn("Of 20 assignments", (folder / "report.html").read_text())

    def test_the_tests_it_names_exist(self):
        listed = subprocess.run(
            ["ctest", "--test-dir", BUILD, "--show-only"], capture_output=True, text=True, check=True).stdout
        kinds = "unit|integration" if os.environ.get("ALLOT_SANITIZED") else "unit|integration|browser|openid"
        for name in re.findall(rf"`((?:{kinds})_\w+)`", (ROOT / "README.md").read_text()):
            self.assertIn(f" {name}\n", listed)


if __name__ == "__main__":
    unittest.main()
