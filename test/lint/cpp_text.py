"""C++ text for lints: files of the tree, and text whose comments and literals are blanked."""

import re

OWN_FOLDERS = ("include", "src", "test", "bench")

LITERAL_OR_COMMENT = re.compile(
    r"""
      //[^\n]*(?:\\\n[^\n]*)*                                  # to the end of the line
    | /\*.*?\*/
    | (?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"
    | (?:u8|[uUL])?"(?:[^"\\\n]|\\.)*"
    | (?<![0-9A-Fa-f])(?:u8|[uUL])?'(?:[^'\\\n]|\\.)+'         # a ' after a digit separates digits
    """,
    re.VERBOSE | re.DOTALL,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<name><[^>\n]+>|"[^"\n]+")', re.MULTILINE)


def blanked(text):
    """The text with comments and the contents of literals replaced by spaces; offsets and lines stay."""

    def blank(match):
        found = match.group(0)
        if found.startswith("/"):
            return re.sub(r"[^\n]", " ", found)
        return '"' + re.sub(r"[^\n]", " ", found[1:-1]) + '"'

    return LITERAL_OR_COMMENT.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(text):
    """(line, name with its quotes or brackets) of each #include outside comments."""
    without_comments = re.sub(
        r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"',
        lambda match: match.group(0) if match.group(0)[0] == '"' else re.sub(r"[^\n]", " ", match.group(0)),
        text,
        flags=re.DOTALL,
    )
    return [(line_of(text, match.start("name")), match.group("name")) for match in INCLUDE.finditer(without_comments)]


def cpp_files(root):
    """Our C++ files, as paths relative to `root`."""
    found = []
    for folder in OWN_FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.suffix in (".cpp", ".hpp") and path.is_file():
                found.append(path.relative_to(root))
    return sorted(found)
