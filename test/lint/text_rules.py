"""Rules for the text of every file of ours: nothing left undone, no machine's paths, no sleeps, no file of two rooms."""

import re

import lint

MOST_LINES = 500
CODE = (".cpp", ".hpp", ".py", ".cmake", ".in", ".sh", ".txt", "")
RULES = [
    (r"\b(TODO|FIXME|XXX|HACK)\b", "left undone: finish it or file an issue"),
    (r"(?<![A-Za-z0-9_.])/(work|root|home|farm)/", "a path of one machine"),
    (r"\bsleep_for\b|\bsleep_until\b|\busleep\s*\(|\bnanosleep\s*\(", "no sleeps: wait for the event, or move a manual clock"),
    (r"\bverify_none\b|\bSSL_VERIFY_NONE\b", "TLS verification is never off"),
    (r"[^\S\n]+$", "white space at the end of the line"),
    (r"\r$", "line ends are LF"),
]


def check(path, text):
    findings = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        for pattern, message in RULES:
            if re.search(pattern, line):
                findings.append((number, message))
                break
    if len(lines) - 1 > MOST_LINES and path.suffix in CODE:
        findings.append((MOST_LINES + 1, f"more than {MOST_LINES} lines: a file holds one room"))
    return findings


def files(root):
    """Text that we write: no sample data, and not the lints, which hold the words they look for."""
    found = []
    for top in root.iterdir():
        if top.name in (".git", "build", "LICENSE"):
            continue
        for path in [top, *top.rglob("*")]:
            relative = path.relative_to(root)
            data = relative.is_relative_to("test/lint") or {"fixtures", "corpus", "__pycache__"} & set(relative.parts)
            if path.is_file() and not data and path.suffix in CODE + (".md", ".json", ".yml"):
                found.append(relative)
    return sorted(found)


SAMPLES = [
    ("src/a.cpp", "int a; // TODO: b\n", [1]),
    ("src/a.cpp", "int todo; // FIXMEs and the method\n", []),
    ("README.md", "see\n/home/me/build\n", [2]),
    ("README.md", "GET https://host/home/x, test/work/a, ./root/b\n", []),
    ("test/a.cpp", "std::this_thread::sleep_for(1s);\nusleep(3);\n", [1, 2]),
    ("src/a.cpp", "context.set_verify_mode(ssl::verify_none);\n", [1]),
    ("src/a.cpp", "int a; \nint b;\r\n", [1, 2]),
    ("src/a.cpp", "\n" * 500, []),
    ("src/a.cpp", "\n" * 501, [501]),
    ("README.md", "\n" * 501, []),
]

if __name__ == "__main__":
    lint.main(check, SAMPLES, files)
