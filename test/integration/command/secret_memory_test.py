"""No secret in the memory, the environment or the store's files of a process that has used it and waits for its reader."""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from markers import marker_search
from proof_sources import proof_sources
from secret_runs import FORMATS, known_secrets, secret_test, sources_of, where_options
from simulated import simulator


class secret_memory(secret_test):
    @contextlib.contextmanager
    def idle_audit(self, said, using):
        """An audit that is complete: its client is gone, and nobody reads its rows."""
        read_end, write_end = os.pipe()
        with open(self.folder / f"{using.name}.out", "wb") as log:
            process = self.start(
                ["audit", said["ids"], "--store", f"{using.name}.db", *where_options(said, using), *FORMATS[0]], using,
                stdout=write_end, stderr=log)
        os.close(write_end)
        try:
            # The first row comes after the client went; all of them do not fit into the pipe.
            self.assertEqual(os.read(read_end, 1), b"{", using.name)
            yield process
        finally:
            process.kill()
            process.wait()
            os.close(read_end)

    def memory_of(self, process):
        """All of it but long runs of zeros. The command lets nobody but root look."""
        ended = subprocess.run(["gcore", "-o", self.folder / "core", str(process.pid)], capture_output=True, text=True)
        core = self.folder / f"core.{process.pid}"
        if not core.exists():
            self.skipTest("gcore cannot read the process, for which it needs CAP_SYS_PTRACE: " + ended.stderr.strip())
        memory = core.read_bytes()
        core.unlink()
        return re.sub(rb"\0{64,}", b"\0", memory)

    def check(self, said, using, search):
        with self.idle_audit(said, using) as process:
            block = pathlib.Path(f"/proc/{process.pid}/environ").read_bytes()
            self.assertEqual(search.found_in(block), [], using.name)
            self.assertTrue(any(self.work.glob("*.db-wal")), "the store's log must be there to be looked into")
            self.assert_no_markers(search)
            memory = self.memory_of(process)
            self.assertIn(said["graph_url"].encode(), memory, "the heap must be in it")
            self.assertEqual(search.found_in(memory, is_memory=True), [], using.name)

    @unittest.skipIf(os.environ.get("ALLOT_SANITIZED"), "a sanitizer keeps what was freed, beside terabytes of its own")
    @unittest.skipUnless(shutil.which("gcore"), "there is no gcore (package gdb)")
    def test_row_23_nothing_is_left_after_use(self):
        with simulator(1000) as said:
            known = known_secrets(said)
            ways = sources_of(said, self.folder, *known.values())
            with proof_sources(said, self.folder, known["the token"]) as proofs:
                search = marker_search({**known, **proofs.secrets})
                for using in [*ways, *proofs.sources]:
                    self.check(said, using, search)

    @unittest.skipIf(os.environ.get("ALLOT_SANITIZED"), "a sanitizer keeps what was freed, beside terabytes of its own")
    @unittest.skipUnless(shutil.which("gcore"), "there is no gcore (package gdb)")
    def test_row_23_nothing_is_left_of_tokens_that_were_replaced(self):
        # Some requests meet a token that is not good any more.
        script = {"token_lifetime_s": 1, "rules": [{"match": {"path": "^/beta/", "every": 90}, "do": {"status": 401}}]}
        with simulator(1000, script) as said:
            known = known_secrets(said)
            self.check(said, sources_of(said, self.folder, *known.values())[0], marker_search(known))

    def test_row_23_core_dumps_are_off(self):
        with simulator(1000) as said:
            with self.idle_audit(said, sources_of(said, self.folder, *known_secrets(said).values())[0]) as process:
                limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
            self.assertRegex(limits, r"(?m)^Max core file size +0 +0 ")


if __name__ == "__main__":
    program = unittest.main(verbosity=2, exit=False)  # which says why something is skipped
    ended = program.result
    if ended.wasSuccessful() and len(ended.skipped) == ended.testsRun:
        sys.exit(77)  # ctest calls that skipped, not passed
    sys.exit(not ended.wasSuccessful())
