"""Runs clang-format 14 over our C++ files without changing them. Exit code 77, a skip for CTest, without clang-format 14."""

import pathlib
import shutil
import subprocess
import sys

import cpp_text

SKIPPED = 77


def clang_format():
    """The program, which must be version 14: others disagree with it about the same options."""
    for name in ("clang-format-14", "clang-format"):
        program = shutil.which(name)
        if program and " 14." in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
            return program
    return None


def accepts(program, root, text):
    command = [program, "--dry-run", "-Werror", "--assume-filename=src/a.cpp"]
    return subprocess.run(command, input=text, text=True, cwd=root, capture_output=True).returncode == 0


def main():
    root = pathlib.Path(sys.argv[1])
    program = clang_format()
    if program is None:
        print("skipped: clang-format 14 is not installed (Debian's package is clang-format-14)")
        sys.exit(SKIPPED)
    if not accepts(program, root, "int a = 0;\n") or accepts(program, root, "int  a=0 ;\n"):
        sys.exit("self-test: clang-format does not tell formatted from unformatted text")
    paths = [str(path) for path in cpp_text.cpp_files(root)]
    code = subprocess.run([program, "--dry-run", "-Werror", "--ferror-limit=3", *paths], cwd=root).returncode
    if code != 0:
        print(f"{program} -i FILE mends it")
    sys.exit(code)


main()
