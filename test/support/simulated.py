"""Runs the allot command and `allot simulate` for tests and benchmarks."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("ALLOT_BUILD", ROOT / "build" / "release"))
ALLOT = BUILD / "allot"

# What could say who we are, or send us elsewhere, comes from the test alone.
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith(("AZURE_", "ALLOT_")) and not name.lower().endswith("_proxy")}


@contextlib.contextmanager
def simulator(assignments, script=None, seed=1, options=(), journal=True):
    """Yields what the ready file says, with the paths of `folder`, `ids` and `journal`, and the `pid`. Without a journal
    it has less to do."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        ready, ids, lines = folder / "ready.json", folder / "ids.txt", folder / "journal.ndjson"
        command = [ALLOT, "simulate", "--assignments", str(assignments), "--seed", str(seed),
                   "--ready-file", ready, "--ids-file", ids, *options]
        if journal:
            command += ["--journal", lines]
        if script is not None:
            (folder / "script.json").write_text(json.dumps(script))
            command += ["--script", folder / "script.json"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        try:
            greeting = process.stderr.readline()
            if not ready.exists():
                sys.exit("the simulator did not start: " + greeting)
            said = json.loads(ready.read_text())
            said.update(ids=ids, journal=lines, folder=folder, pid=process.pid)
            yield said
        finally:
            process.terminate()
            process.communicate()


def login_options(said):
    """The options that point the command at a simulator."""
    return ["--graph-url", said["graph_url"], "--token-url", said["token_url"], "--ca-file", said["ca_file"],
            "--tenant", said["tenant"], "--client-id", said["client_id"],
            "--client-secret-file", said["client_secret_file"]]


def read_journal(said):
    """The requests the simulator has seen, in order; complete once it has stopped or answered."""
    with open(said["journal"]) as lines:
        return [json.loads(line) for line in lines]


def allot(*arguments, stdin=None, environment=None, timeout=300):
    """Runs the command to its end; stdout and stderr are text."""
    return subprocess.run(
        [ALLOT, *map(str, arguments)], input=stdin, capture_output=True, env={**ENVIRONMENT, **(environment or {})},
        timeout=timeout, text=not isinstance(stdin, bytes))


def rows_of(ended):
    """The NDJSON rows on a command's stdout."""
    return [json.loads(line) for line in ended.stdout.splitlines()]
