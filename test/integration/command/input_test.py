"""Bad input: a clear error or an invalid_input row, and never a request with a foreign target."""
import json
import os
import pathlib
import subprocess
import unittest

from simulated import ALLOT, ENVIRONMENT, allot, login_options, read_journal, rows_of, simulator

BAD_LINES = {
    b"../users": "'/'", b"a%2fb": "'%'", b"a\rb": "\\", b"x" * 10_000: "256", b"\xff\xfe\xfa": "UTF-8",
    b"..": "..", b"a?b": "'?'", b"a#b": "'#'", b"a b": "' '", b"users/u": "", b"groups//a": "",
}


class bad_input(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = simulator(3)
        cls.said = cls.running.__enter__()
        cls.folder = pathlib.Path(cls.said["folder"])

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)

    def audit(self, *arguments, stdin=None):
        return allot("audit", *arguments, *login_options(self.said), stdin=stdin)

    def test_bad_lines_become_rows_that_name_line_and_rule(self):
        good = pathlib.Path(self.said["ids"]).read_bytes().splitlines()
        file = self.folder / "mixed.txt"
        file.write_bytes(b"\n".join([b"# comment", *BAD_LINES, *good]) + b"\n")
        ended = self.audit(file)
        rows = {row["position"]: row for row in rows_of(ended)}
        self.assertEqual(len(rows), len(BAD_LINES) + 3, ended.stderr)
        for position, (line, rule) in enumerate(BAD_LINES.items(), start=1):
            row = rows[position]
            self.assertEqual(row["outcome"], "invalid_input", line[:40])
            self.assertIn(f"line {position + 1}", row["error"]["message"])
            self.assertIn(rule, row["error"]["message"], line[:40])
        self.assertEqual([rows[len(BAD_LINES) + n]["outcome"] for n in (1, 2, 3)], ["ok"] * 3)
        self.assertEqual(ended.returncode, 1)
        known = tuple(line.decode().split("/")[-1] for line in good)
        for entry in read_journal(self.said):
            if entry["method"] == "GET":
                self.assertTrue(any(name in entry["target"] for name in known), entry["target"])

    def test_a_nul_in_a_line(self):
        ended = self.audit("-", stdin=b"a\0b\n" + pathlib.Path(self.said["ids"]).read_bytes())
        rows = [json.loads(line) for line in ended.stdout.splitlines()]
        self.assertEqual(sorted(row["outcome"] for row in rows), ["invalid_input"] + ["ok"] * 3, ended.stderr)

    def test_strict_stops_before_the_first_request(self):
        before = len(read_journal(self.said))
        file = self.folder / "strict.txt"
        file.write_bytes(pathlib.Path(self.said["ids"]).read_bytes() + b"../x\n")
        ended = self.audit(file, "--strict")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("line 4", ended.stderr)
        self.assertEqual(ended.stdout, "")
        self.assertEqual(len(read_journal(self.said)), before)

    def test_files_that_are_no_input(self):
        empty = self.folder / "empty.txt"
        empty.write_bytes(b"")
        binary = self.folder / "binary"
        binary.write_bytes(bytes(range(256)) * 40)
        utf16 = self.folder / "utf16.txt"
        utf16.write_text("a-1\n", encoding="utf-16")
        for file, word in ((empty, "empty.txt"), (binary, "binary"), (utf16, "UTF-16"),
                           (self.folder, "directory"), (self.folder / "missing", "missing")):
            ended = self.audit(file)
            self.assertNotEqual(ended.returncode, 0, file)
            self.assertIn(word, ended.stderr)
            self.assertEqual(len(ended.stderr.strip().splitlines()), len(set(ended.stderr.strip().splitlines())))

    def test_a_line_of_a_gibibyte_needs_no_memory(self):
        file = self.folder / "huge.txt"
        with open(file, "wb") as out:
            for _ in range(1024):
                out.write(b"x" * (1 << 20))
            out.write(b"\n" + pathlib.Path(self.said["ids"]).read_bytes())
        # With room for the program and its libraries, but not for the line.
        command = [ALLOT, "audit", file, "--input-format", "lines", *login_options(self.said)]
        if not os.environ.get("ALLOT_SANITIZED"):  # a sanitizer needs more for itself
            command = ["bash", "-c", 'ulimit -v 524288; exec "$@"', "bash", *command]
        ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=ENVIRONMENT, timeout=120)
        rows = {row["position"]: row for row in rows_of(ended)}
        self.assertEqual(sorted(rows), [1, 2, 3, 4], ended.stderr)
        self.assertEqual([rows[n]["outcome"] for n in (1, 2, 3, 4)], ["invalid_input"] + ["ok"] * 3)
        self.assertIn("line 1", rows[1]["error"]["message"])
        self.assertEqual(ended.returncode, 1)

    def test_other_formats(self):
        ids = [line for line in pathlib.Path(self.said["ids"]).read_text().splitlines()]
        csv, ndjson = ["userId,assignmentId,groupId"], []
        for line in ids:
            parts = line.split("/")
            user, group = (parts[1] if parts[0] == kind else "" for kind in ("users", "groups"))
            csv.append(f'{user},"{parts[-1]}",{group}')
            ndjson.append('{"assignmentId":"%s"%s%s}' % (
                parts[-1], f',"userId":"{user}"' if user else "", f',"groupId":"{group}"' if group else ""))
        for text in ("\r\n".join(csv), "\ufeff" + "\n".join(ndjson)):
            ended = self.audit("-", stdin=text)
            self.assertEqual([row["outcome"] for row in rows_of(ended)], ["ok"] * 3, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()
