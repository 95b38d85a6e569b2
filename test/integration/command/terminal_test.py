"""What a person at a terminal sees: replayed on a screen, at several widths, with and without colours."""
import pathlib
import re
import signal
import subprocess
import unittest

from simulated import BUILD, ENVIRONMENT, login_options, simulator
from terminal import at_terminal

PROGRESS = re.compile(r"^ *\d+% \S|^[\d,]+/[\d,]+ \d+%|^\d+%$")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Eighty requests, then a hold of a second: nothing tells of it before, so it is sure to come, and to be seen; so is its
# end, for one answer is late.
THROTTLED = {"throttle": {"per_second": 20, "burst": 80, "retry_after": 1, "limit_percentage": False},
             "rules": [{"match": {"path": "/allotment$", "nth": [110]}, "do": {"delay_ms": 300}}]}
# More would take the budget of retries, and wait for it.
CALM = ["--concurrency", "4"]
REFUSING = {"rules": [{"match": {"path": "/allotment$", "every": 10}, "do": {"status": 400}}]}


def progress_lines(screen):
    return [line for line in screen.lines if PROGRESS.match(line)]


class terminal(unittest.TestCase):
    def audited(self, script=THROTTLED, width=80, assignments=120, options=(), **how):
        """Audits while it looks at the screen; returns the run and each progress line it showed."""
        seen = []
        with simulator(assignments, script) as said:
            rows = said["folder"] / "rows.ndjson"
            with at_terminal("audit", said["ids"], "-o", rows, *CALM, *options, *login_options(said),
                             width=width, **how) as run:
                for _ in run.chunks():
                    shown = progress_lines(run.screen)
                    self.assertLessEqual(len(shown), 1, run.screen.lines)
                    if shown and shown != seen[-1:]:
                        seen += shown
                self.assertIn(run.process.wait(timeout=60), (0, 1), run.text)
            self.assertEqual(len(rows.read_text().splitlines()), assignments)
        self.assertEqual(run.screen.unknown, [])
        return run, seen

    def test_one_line_is_redrawn_and_its_last_state_stays(self):
        for width, environment in ((80, {}), (120, {"LC_ALL": "C"}), (40, {}), (20, {})):
            run, seen = self.audited(width=width, environment=environment)
            self.assertEqual(run.screen.wraps, 0, run.screen.lines)
            self.assertGreater(len(seen), 2, (seen, run.text))
            if width >= 40:
                self.assertTrue(any("throttled, 1s left" in line for line in seen), seen)
                self.assertRegex(run.screen.lines[0], r"120/120( 100%)? \| in \d+s")
            self.assertIn("100%", run.screen.lines[0])
            self.assertRegex("\n".join(run.screen.lines[1:3]), r"^ok\s+120\b")
            bar = "#" if environment else "\u2588"
            self.assertEqual(bar in run.screen.lines[0], width >= 40)
            self.assertEqual(run.screen.lines[-1], "")

    def test_a_redraw_goes_over_the_line_before_it(self):
        run, _ = self.audited()
        drawn = run.text.split("\r\n")[0].split("\r")
        self.assertEqual(drawn[0], "")
        for each in drawn[1:]:
            self.assertTrue(each.endswith("\x1b[K"), each)
            self.assertNotEqual(COLOURS.sub("", each), "\x1b[K")

    def test_no_colours(self):
        run, _ = self.audited(REFUSING)
        self.assertIn("31", run.screen.colours)
        run, _ = self.audited(REFUSING, environment={"NO_COLOR": "1"})
        self.assertEqual(run.screen.colours, set())
        self.assertTrue(progress_lines(run.screen), run.screen.lines)
        run, _ = self.audited(REFUSING, environment={"NO_COLOR": ""})
        self.assertIn("31", run.screen.colours)

    def test_a_dumb_terminal_gets_plain_lines(self):
        run, _ = self.audited(environment={"TERM": "dumb"})
        self.assertNotIn("\x1b", run.text)
        self.assertNotRegex(run.text, r"\r[^\n]")
        self.assertEqual(run.screen.lines[0], "allot: 0/120 0%")
        self.assertTrue(run.screen.lines[1].startswith("allot: 120/120 100% | in "), run.screen.lines)

    def test_without_progress_there_is_the_summary(self):
        run, seen = self.audited(options=["--progress", "never"])
        self.assertEqual(seen, [])
        self.assertNotIn("\r", run.text.replace("\r\n", ""))
        self.assertRegex(run.screen.lines[0], r"^ok +120$")

    def test_log_lines_stand_above_the_progress_line(self):
        run, _ = self.audited(options=["--log-level", "info"], width=300)
        lines = run.screen.lines
        last = lines.index(progress_lines(run.screen)[0])
        self.assertRegex(lines[0], "^allot: token source: ")
        self.assertTrue(any(re.match(r"allot: Graph throttles: no requests for 1s \(status 429, .*request-id", line)
                            for line in lines[:last]), lines)
        self.assertIn("allot: Graph's throttle is over: requests go on", lines[:last])
        self.assertTrue(all(line.startswith("allot: ") for line in lines[:last]), lines)
        self.assertRegex(lines[last + 1], r"^ok +120$")

    def test_error_rows_are_counted_and_what_to_do_works(self):
        with simulator(40, REFUSING) as said:
            folder = pathlib.Path(said["folder"])
            login = list(map(str, login_options(said)))
            with at_terminal("audit", said["ids"], "-o", folder / "all rows.ndjson", *login) as run:
                self.assertEqual(run.end(), 1)
            self.assertRegex(run.screen.lines[0], r"40/40 \| in \d+s \| 4 errors")
            self.assertRegex("\n".join(run.screen.lines), r"\nfailed +4  errors\n")
            again = COLOURS.sub("", run.text).rstrip().splitlines()[-1].strip()
            ended = subprocess.run(
                ["bash", "-c", f'set -e; allot() {{ command "$0" "$@" "${{login[@]}}"; }}; login=("$@"); {again}',
                 BUILD / "allot", *login], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
            self.assertIn(ended.returncode, (0, 1), again + "\n" + ended.stderr)
            asked = (folder / "again.ndjson").read_text().splitlines()
            self.assertEqual(len(asked), 4)

    def test_the_width_is_that_of_the_moment(self):
        with simulator(120, THROTTLED) as said:
            with at_terminal("audit", said["ids"], "-o", said["folder"] / "rows", *CALM, *login_options(said),
                             width=120) as run:
                for _ in run.chunks():
                    if run.screen.width == 120 and "throttled" in run.text:
                        run.resize(60)
                        wrapped_before = run.screen.wraps
                self.assertEqual(run.process.wait(timeout=60), 0)
        # What stood there is a terminal's to wrap; what is drawn from then on fits.
        self.assertLessEqual(run.screen.wraps - wrapped_before, 1)
        self.assertLess(len(run.screen.lines[run.screen.lines.index("") - 1]), 60)

    def test_a_resumed_run_goes_on_from_what_is_done(self):
        slow = {"rules": [{"match": {"path": "/allotment$"}, "do": {"delay_ms": 30}}]}
        with simulator(200, slow) as said:
            command = ["audit", said["ids"], "--store", said["folder"] / "db", *CALM, *login_options(said)]
            with at_terminal(*command) as run:
                for _ in run.chunks():
                    if re.search(r"[1-9]\d*/200", run.text):
                        run.process.send_signal(signal.SIGINT)
                        break
                self.assertEqual(run.end(), 130, run.text)
            stopped = re.search(r"(\d+)/200 \| stopped after", "\n".join(run.screen.lines))
            self.assertIsNotNone(stopped, run.screen.lines)
            with at_terminal(*command) as run:
                self.assertEqual(run.end(), 0, run.text)
            self.assertEqual(re.search(r"(\d+)/200", run.text).group(1), stopped.group(1))
            self.assertIn("200/200 | in ", "\n".join(run.screen.lines))

    def test_a_run_in_the_background_does_not_draw(self):
        run, seen = self.audited(in_background=True)
        self.assertNotIn("\x1b[K", run.text)
        self.assertEqual(len(seen), 1, seen)
        self.assertIn("120/120 | in ", seen[0])

    def test_rows_on_the_terminal_have_it_for_themselves(self):
        with simulator(5) as said:
            with at_terminal("audit", said["ids"], *login_options(said), stdout=True, width=2000) as run:
                self.assertEqual(run.end(), 0)
        self.assertEqual(progress_lines(run.screen), [])
        self.assertEqual([line[:12] for line in run.screen.lines[:5]], ['{"position":'] * 5)

    def test_without_an_input_it_says_what_to_type(self):
        for arguments, expected in (((), "there is no command"), (("audit",), "there is no input")):
            with at_terminal(*arguments, stdin=True) as run:
                self.assertEqual(run.end(), 2)
            shown = "\n".join(run.screen.lines)
            self.assertIn(expected, shown)
            self.assertIn("allot audit ids.txt -o rows.ndjson", shown)
            self.assertIn(" --help'", shown)

    def test_assignments_can_be_typed(self):
        with simulator(3) as said:
            rows = said["folder"] / "rows.ndjson"
            with at_terminal("audit", "-", "-o", rows, *login_options(said), stdin=True, width=200) as run:
                for _ in run.chunks():
                    if "Ctrl-D" in run.text:
                        break
                run.type(said["ids"].read_text() + "\x04")
                self.assertEqual(run.end(), 0, run.text)
            self.assertEqual(len(rows.read_text().splitlines()), 3)


if __name__ == "__main__":
    unittest.main()
