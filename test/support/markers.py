"""Finds secrets in bytes, in every form that they could have been copied in."""
import base64
import re
import urllib.parse

# What every token of the simulator begins with. By itself it is in the command, which contains the simulator.
TOKEN_START = "eyJ0eXAiOiJKV1QifQ."
PIECE = 12


def base64_forms(data):
    """The characters that base64 has for `data` whatever stands around it: one form for each place in a group of three."""
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).rstrip(b"=").decode()
        # The first and the last character may also depend on the neighbours.
        inner = encoded[(0, 2, 3)[before]:len(encoded) - ((before + len(data)) % 3 != 0)]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms


def forms(text):
    """`text` as it is, in base64, base64url and hex, percent-encoded where needed and everywhere."""
    everywhere = "".join(f"%{byte:02X}" for byte in text.encode())
    found = {text, urllib.parse.quote(text, safe=""), urllib.parse.quote_plus(text), everywhere, everywhere.lower()}
    found |= base64_forms(text.encode())
    found |= {text.encode().hex(), text.encode().hex().upper()}
    return sorted(form.encode() for form in found)


def byte_forms(data):
    """Bytes as they are, as the limbs of a number on a machine with little ends, in base64 and in hex."""
    texts = {*base64_forms(data), data.hex(), data.hex().upper()}
    return [data, data[::-1], *(text.encode() for text in sorted(texts))]


def pieces(text):
    """Enough of its pieces to find any 15 characters of it that stand together."""
    return [text[at:at + PIECE].encode() for at in range(0, len(text) - PIECE + 1, 4)]


class marker_search:
    """Looks for these secrets, texts with their parts or bytes, and for any token that the simulator could have
    issued."""

    def __init__(self, secrets):
        wanted = {}
        for name, text in secrets.items():
            if isinstance(text, bytes):
                wanted.update(dict.fromkeys(byte_forms(text), name))
                continue
            known = text.removeprefix(TOKEN_START)
            for form in [*forms(known), *pieces(known)]:
                wanted[form] = name
        for form in forms(TOKEN_START):
            wanted[form] = "an issued token"
        self.wanted = wanted

    def found_in(self, data, is_memory=False):
        """A line for each secret that is in `data`: what it is, and where. In the command's memory the start of a token
        counts only where more of it follows."""
        found = []
        for form, name in self.wanted.items():
            if is_memory and name == "an issued token":
                pattern = re.escape(form) + rb"[A-Za-z0-9_%-]{8}"
                at = next((match.start() for match in re.finditer(pattern, data)), -1)
            else:
                at = data.find(form)
            if at >= 0:
                found.append(f"{name} at {at:#x}: {data[max(0, at - 60):at + len(form) + 20]!r}")
        return found
