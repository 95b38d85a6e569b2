"""Row 2: a signal ends the run in order; the rows that are there are whole, none is twice, and no program is left."""
import json
import os
import pathlib
import select
import signal
import subprocess
import tempfile
import unittest

from azure_cli import azure_cli
from simulated import ALLOT, ENVIRONMENT, login_options, simulator


class signals(unittest.TestCase):
    def interrupted(self, number, script, times=1):
        """Signals a run after its first row; returns its exit code, rows and what it said."""
        with simulator(400, script) as said, tempfile.TemporaryFile("w+") as said_on_stderr:
            process = subprocess.Popen(
                [ALLOT, "audit", said["ids"], "--concurrency", "4", *map(str, login_options(said))],
                stdout=subprocess.PIPE, stderr=said_on_stderr, text=True, env=ENVIRONMENT)
            lines = [process.stdout.readline()]
            for _ in range(times):
                process.send_signal(number)
            lines += process.stdout.readlines()
            process.stdout.close()
            process.wait(timeout=60)
            said_on_stderr.seek(0)
            return process.returncode, [json.loads(line) for line in lines], said_on_stderr.read()

    def assert_whole(self, rows):
        positions = [row["position"] for row in rows]
        self.assertEqual(len(positions), len(set(positions)))
        self.assertLess(len(positions), 400)
        self.assertEqual({row["outcome"] for row in rows}, {"ok"})

    def test_row_02_interrupt_and_terminate(self):
        slow = {"rules": [{"match": {"path": "^/beta/"}, "do": {"delay_ms": 30}}]}
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            returned, rows, error = self.interrupted(number, slow)
            self.assertEqual(returned, code, error)
            self.assert_whole(rows)
            self.assertRegex(error, r"\d+ (of|rows)")

    def test_row_02_a_second_signal_ends_it_now(self):
        # The answers that are under way would take minutes.
        stuck = {"rules": [{"match": {"path": "^/beta/", "nth": list(range(5, 400))}, "do": {"delay_ms": 200_000}}]}
        returned, rows, error = self.interrupted(signal.SIGINT, stuck, times=2)
        self.assertEqual(returned, 130, error)
        self.assert_whole(rows)

    def stuck_azure_cli(self, folder):
        """An `az` that waits for ever; behind the first line of `alive` comes its end."""
        alive, never = folder / "alive", folder / "never"
        os.mkfifo(alive)
        os.mkfifo(never)
        return azure_cli(folder, f"exec 3>'{alive}'; echo $$ >&3; exec cat '{never}'"), alive

    def assert_takes_az_along(self, number, command):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            programs, alive = self.stuck_azure_cli(folder)
            process = subprocess.Popen(
                [ALLOT, *command, "--auth", "cli"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env={**ENVIRONMENT, **programs}, cwd=folder)
            with open(alive, "rb", buffering=0) as end:
                az = int(end.readline())
                process.send_signal(number)
                out, error = process.communicate(timeout=60)
                ended = bool(select.select([end], [], [], 10)[0])
                if not ended:
                    os.kill(az, signal.SIGKILL)
            self.assertEqual((process.returncode, out), (128 + number, ""), (command, error))
            self.assertTrue(ended, f"{command} left az behind")
            return error

    def test_row_02_nothing_that_was_started_stays_behind(self):
        for command in (["whoami"], ["get", "a-1"], ["list"], ["audit", "--all"], ["plan", "--all"]):
            for number in (signal.SIGINT, signal.SIGTERM):
                error = self.assert_takes_az_along(number, command)
                if command[0] in ("whoami", "get"):
                    self.assertIn(f"stopped by {number.name} before there was an answer", error)


if __name__ == "__main__":
    unittest.main()
