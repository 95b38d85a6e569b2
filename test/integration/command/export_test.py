"""Rows of a store as NDJSON and CSV: complete or not there, the same in both, harmless in a spreadsheet."""
import csv
import fcntl
import io
import os
import pathlib
import resource
import signal
import struct
import subprocess
import termios
import unittest

from simulated import ALLOT, ENVIRONMENT, allot, rows_of
from stores import change_allotment, changed, copy_of, multiply, stored_audit

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a"b', "a,b", "a\nb\r\nc", "a\0b", "\x1b[31mred\x07", "''", "",
           "=cmd|' /C calc'!A0", "\u202eltr", "caf\u00e9 \U0001f600", "\u0085next"]


def cell(text):
    """What a CSV cell holds for text from outside: control characters shown, formulas defused."""
    def shown(character):
        code = ord(character)
        if code in (0x202e,):
            return f"\\u{code:04x}"
        return f"\\x{code:02x}" if (code < 0x20 and character not in "\t\r\n") or 0x7f <= code < 0xa0 else character
    out = "".join(map(shown, text))
    return "'" + out if out[:1] in ("=", "+", "-", "@", "\t", "\r") and out else out


def as_cells(row):
    """The CSV record of an NDJSON row."""
    allotment, error = row["allotment"] or {}, row["error"] or {}
    text = [row["scope"], row["principalId"] or "", row["assignmentId"], row["outcome"], allotment.get("id", "")]
    numbers = [str(allotment.get(name, "")) for name in ("allottedUnits", "consumedUnits")]
    more = [allotment.get(name, "") for name in ("assignableTo", "skuId", "skuPartNumber")]
    more += [error.get(name, "") for name in ("code", "message", "reason")]
    return [str(row["position"]), *map(cell, text), *numbers, *map(cell, more), str(row["httpStatus"]), str(row["attempts"]),
            cell(row["requestId"]), cell(row["clientRequestId"]), f"{row['durationMs']:.3f}"]


class export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        script = {"rules": [{"match": {"path": "^/beta/", "nth": [3]}, "do": {"status": 404}},
                            {"match": {"path": "^/beta/", "nth": [5]}, "do": {"status": 403}},
                            {"match": {"path": "^/beta/", "nth": [7]}, "do": {"status": 204}}]}
        cls.running = stored_audit(30, script=script)
        cls.store = cls.running.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)

    def both(self, store):
        """The rows as NDJSON and as CSV records."""
        ndjson = allot("export", store)
        self.assertEqual((ndjson.returncode, ndjson.stderr), (0, ""))
        file = store.parent / "rows.csv"
        ended = allot("export", store, "--format", "csv", "-o", file)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, "", ""))
        header, *records = csv.reader(io.StringIO(file.read_bytes().decode(), newline=""), strict=True)
        self.assertTrue(all(len(record) == len(header) for record in records))
        self.assertFalse(pathlib.Path(f"{file}.partial").exists())
        return rows_of(ndjson), records

    def test_rows_come_in_input_order_and_both_formats_say_the_same(self):
        rows, records = self.both(self.store)
        self.assertEqual([row["position"] for row in rows], list(range(1, 31)))
        ids = (self.store.parent / "ids.txt").read_text().split()
        self.assertEqual([row["assignmentId"] for row in rows], [line.split("/")[-1] for line in ids])
        self.assertEqual({row["outcome"] for row in rows}, {"ok", "not_found", "forbidden", "none"})
        self.assertEqual(records, [as_cells(row) for row in rows])

    def test_row_25_hostile_text_is_harmless_and_not_lost(self):
        for text in HOSTILE:
            store = copy_of(self.store, "hostile.db")
            with changed(store) as connection:
                for (key,) in connection.execute("SELECT key FROM allotment").fetchall():
                    change_allotment(connection, key, skuPartNumber=text, note=key)
                connection.execute("UPDATE input SET scope = 1, principal_id = ?, assignment_id = ? WHERE position = 9",
                                   (text, text))
                connection.execute("UPDATE row SET error_message = ? WHERE outcome = 2", (text,))
            rows, records = self.both(store)
            self.assertEqual(rows[8]["assignmentId"], text)
            self.assertIn(text, [row["allotment"]["skuPartNumber"] for row in rows if row["allotment"]])
            self.assertEqual(records, [as_cells(row) for row in rows], repr(text))
            lines = (store.parent / "rows.csv").read_bytes()
            self.assertNotIn(b"\0", lines)
            self.assertNotIn(b"\x1b", lines)

    def test_one_row_and_none(self):
        store = copy_of(self.store, "few.db")
        with changed(store) as connection:
            connection.execute("DELETE FROM input WHERE position > 1")
            connection.execute("DELETE FROM row WHERE position > 1")
        rows, records = self.both(store)
        self.assertEqual((len(rows), len(records)), (1, 1))
        with changed(store) as connection:
            connection.execute("DELETE FROM input")
            connection.execute("DELETE FROM row")
        self.assertEqual(self.both(store), ([], []))

    def test_an_unfinished_audit_is_exported_with_a_warning(self):
        store = copy_of(self.store, "unfinished.db")
        with changed(store) as connection:
            connection.execute("DELETE FROM row WHERE position > 20")
        ended = allot("export", store)
        self.assertEqual(ended.returncode, 0)
        self.assertEqual(len(rows_of(ended)), 20)
        self.assertIn("10 of 30 rows are missing", ended.stderr)
        with changed(store) as connection:
            connection.execute("UPDATE audit SET input_ended = 0")
        ended = allot("export", store)
        self.assertEqual(ended.returncode, 0)
        self.assertIn("its input was not read to the end", ended.stderr)

    def test_a_killed_export_leaves_the_old_file_and_works_again(self):
        file = self.store.parent / "old.ndjson"
        file.write_text("old")
        for number in (1, 13, 30):
            ended = allot("export", self.store, "-o", file, environment={"ALLOT_FAIL_POINT": f"mid-export:{number}"})
            self.assertEqual(ended.returncode, -signal.SIGKILL, "built without fail points?")
            self.assertEqual(file.read_text(), "old")
        self.assertEqual(allot("export", self.store, "-o", file).returncode, 0)
        self.assertEqual(len(file.read_text().splitlines()), 30)
        self.assertFalse(pathlib.Path(f"{file}.partial").exists())

    def test_without_room_nothing_is_left_behind(self):
        file = self.store.parent / "limited.ndjson"
        file.write_text("old")
        ended = subprocess.run(
            [ALLOT, "export", self.store, "-o", file], capture_output=True, text=True, env=ENVIRONMENT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
        self.assertEqual(ended.returncode, 4)
        self.assertIn("limited.ndjson.partial", ended.stderr)
        self.assertIn("file-size limit", ended.stderr)
        self.assertEqual(file.read_text(), "old")
        self.assertFalse(pathlib.Path(f"{file}.partial").exists())
        ended = allot("export", self.store, "-o", "/dev/full")
        self.assertEqual(ended.returncode, 4)
        self.assertIn("No space left", ended.stderr)

    def test_the_store_is_never_the_output(self):
        store = copy_of(self.store, "precious.db.partial")
        link = store.parent / "link"
        link.symlink_to(store)
        before = store.read_bytes()
        for output in (store, link, store.parent / "precious.db", f"{store.parent}/./{store.name}"):
            ended = allot("export", store, "-o", output)
            self.assertEqual(ended.returncode, 2, output)
            self.assertIn("would overwrite the store", ended.stderr)
            self.assertEqual(store.read_bytes(), before)

    def test_a_reader_that_goes_ends_it_quietly(self):
        store = copy_of(self.store, "many.db")
        with changed(store) as connection:
            multiply(connection, 30_000)
        for format in ("ndjson", "csv"):
            process = subprocess.Popen([ALLOT, "export", store, "--format", format], stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.stderr.read(), "")
            process.stderr.close()
            self.assertEqual(process.wait(60), 4)

    def test_a_slow_reader_holds_it_back(self):
        store = copy_of(self.store, "many.db")
        with changed(store) as connection:
            multiply(connection, 60_000)
        process = subprocess.Popen([ALLOT, "export", store], stdout=subprocess.PIPE, env=ENVIRONMENT)
        # Until the pipe is full and nobody works: waiting for room is all that is left to do.
        idle = 0
        while idle < 500:
            (waiting,) = struct.unpack("i", fcntl.ioctl(process.stdout, termios.FIONREAD, bytes(4)))
            state = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(") ")[2][0]
            self.assertNotEqual(state, "Z", "it ended early")
            idle = idle + 1 if waiting >= 60_000 and state == "S" else 0
        lines = sum(1 for _ in process.stdout)
        process.stdout.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual((process.returncode, lines), (0, 60_000))
        if not os.environ.get("ALLOT_SANITIZED"):
            self.assertLess(used.ru_maxrss, 32 * 1024, "KiB at most")

    def test_what_is_no_store_is_said(self):
        folder = self.store.parent
        (folder / "text.db").write_text("no database, but longer than a header of SQLite is" * 100)
        (folder / "empty.db").write_bytes(b"")
        for name, words in (("none.db", "there is no such file"), ("text.db", "no store of allot"),
                            ("empty.db", "no audit was begun"), (".", "there is no such file")):
            ended = allot("export", folder / name, "-o", folder / "out")
            self.assertEqual(ended.returncode, 4, name)
            self.assertIn(words, ended.stderr)
            self.assertFalse((folder / "out").exists())
        for arguments in ((), (self.store, "--format", "xml"), (self.store, "-o")):
            self.assertEqual(allot("export", *arguments).returncode, 2)


if __name__ == "__main__":
    unittest.main()
