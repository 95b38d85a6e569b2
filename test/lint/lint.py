"""The frame of a lint: proves on samples that the lint sees what it must, then runs it over the tree."""

import pathlib
import sys


def main(check, samples, files):
    """Exits 0 when the samples behave and the tree is clean.

    check(path, text) -> [(line, message)], with `path` relative to the tree.
    samples: (path, text, lines that must be found), each with an empty list where nothing is wrong.
    files(root) -> paths relative to `root`.
    """
    for path, text, expected in samples:
        found = [line for line, _ in check(pathlib.PurePosixPath(path), text)]
        if found != expected:
            sys.exit(f"self-test: expected findings in lines {expected}, got {found}, in {path}:\n{text}")

    root = pathlib.Path(sys.argv[1])
    paths = files(root)
    if not paths:
        sys.exit(f"no file to check below {root}")
    findings = 0
    for path in paths:
        text = (root / path).read_text(encoding="utf-8", errors="replace")
        for line, message in check(pathlib.PurePosixPath(path), text):
            print(f"{path}:{line}: {message}")
            findings += 1
    print(f"{len(samples)} samples, {len(paths)} files, {findings} findings")
    sys.exit(1 if findings else 0)
