"""Each failure mode of the list that the project keeps to, row 1 to row 28, has a test that is named after it."""

import pathlib
import re
import sys

import lint

ROWS = range(1, 29)
TEST = re.compile(
    r"^\s*(?:BOOST_\w*TEST_CASE\w*\(\s*|BOOST_AUTO_TEST_CASE_TEMPLATE\(\s*|(?:async )?def test_)(\w*)", re.MULTILINE)
NUMBER = re.compile(r"(?:^|_)row_(\d+)_")


def rows_of(text):
    """The numbers in the names of the tests of a file: `row_07_...`, or `test_row_07_...` in Python."""
    return {int(number) for name in TEST.findall(text) for number in NUMBER.findall(name)}


def check(_, text):
    """Numbers that are no row; one digit would be found by nobody who searches for two."""
    findings = []
    for match in TEST.finditer(text):
        for number in NUMBER.findall(match.group(1)):
            if len(number) != 2 or int(number) not in ROWS:
                findings.append((text.count("\n", 0, match.start(1)) + 1, f"row_{number} is none of row_01 to row_28"))
    return findings


def files(root):
    paths = sorted(path for ending in ("*.cpp", "*.py") for path in (root / "test").rglob(ending))
    return [path.relative_to(root) for path in paths if path.parent.name != "lint"]


SAMPLES = [
    ("test/a.cpp", "BOOST_AUTO_TEST_CASE(row_07_a) {\n}\nBOOST_FIXTURE_TEST_CASE(row_7_b, c) {", [3]),
    ("test/a.cpp", "\nBOOST_AUTO_TEST_CASE(row_29_a)\nBOOST_AUTO_TEST_CASE(row_00_a)\nrow_99_b();", [2, 3]),
    ("test/a.py", "    def test_row_28_a(self):\n    def test_row_128_a(self):\n    def row_99_b(self):", [2]),
]
NAMED = 'BOOST_AUTO_TEST_CASE(row_07_a)\n    def test_row_28_a(self):\ncall(row_09_b); // row_10_c\ndef row_11_d():'

if __name__ == "__main__":
    if rows_of(NAMED) != {7, 28}:
        sys.exit(f"self-test: expected the rows 7 and 28, got {rows_of(NAMED)}, in:\n{NAMED}")
    tree = pathlib.Path(sys.argv[1])
    found = set().union(*(rows_of((tree / path).read_text(encoding="utf-8")) for path in files(tree)))
    missing = [f"row_{row:02}" for row in ROWS if row not in found]
    if missing:
        sys.exit(f"test: no test is named after {', '.join(missing)}")
    lint.main(check, SAMPLES, files)
