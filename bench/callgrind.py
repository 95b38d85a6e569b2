"""Counts a program's instructions with valgrind's callgrind, the same on each x86-64 machine."""
import os
import pathlib
import re
import subprocess
import sys

# OpenSSL and glibc choose their code by the processor. These choose what each x86-64 processor of the last 15 years
# has: AES-NI, PCLMULQDQ, SSSE3; no AVX, FMA, MOVBE, XOP, RDRAND, and none of the later extensions.
PROCESSOR = {
    "OPENSSL_ia32cap": "~0x5040180040000000:~0xffffffffffffffff",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join(
        "-" + name for name in ("AVX", "AVX2", "AVX512F", "AVX512VL", "BMI2", "ERMS", "FSRM", "SSSE3", "SSE4_1",
                                "SSE4_2", "Fast_Unaligned_Copy")),
}


def run(command):
    """A program with that processor; its stdout. Ends everything where it fails."""
    ended = subprocess.run(command, env={**os.environ, **PROCESSOR}, capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(f"{pathlib.Path(command[0]).name} ended with code {ended.returncode}: {ended.stderr}")
    return ended.stdout


def instructions(program, functions, out):
    """Those within `functions`, a pattern, and what they call. Leaves callgrind's own figures in the file `out`."""
    run(["valgrind", "--tool=callgrind", f"--toggle-collect={functions}", f"--callgrind-out-file={out}", *program])
    return int(re.search(r"^totals: (\d+)$", out.read_text(), re.MULTILINE)[1])
