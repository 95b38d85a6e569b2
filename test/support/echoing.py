"""A TLS server that shows what it was sent, as debug pages, proxies and careless endpoints do."""
import http.server
import json
import urllib.parse

from tls_server import serving


def graph_error(text):
    return json.dumps({"error": {"code": text, "message": text}})


def token_error(text):
    return json.dumps({"error": "invalid_request", "error_description": "AADSTS900144: cannot read " + text,
                       "error_codes": [900144], "trace_id": text, "correlation_id": text})


def cut(text):
    """As far as a message has room: some characters of the secret or the token are left."""
    at = text.find("secret=") + len("secret=") if "secret=" in text else len("Bearer ")
    return text[:at + 24]


# Kind of answer -> (status if it is always the same, content type, how the body shows the text).
ANSWERS = {
    "json": (None, "application/json", None),
    "decoded": (None, "application/json", lambda text: token_error(urllib.parse.unquote(text))),
    "html": (None, "text/html", lambda text: f"<html><pre>{text}</pre></html>"),
    "text": (None, "text/plain", lambda text: text),
    "short": (None, "application/json", lambda text: token_error(cut(text))),
    "portal": (200, "text/html", lambda text: text),
    "wrong": (200, "application/json", lambda text: json.dumps({"value": {"id": 1, "skuPartNumber": text, text: text}})),
    "redirect": (302, "text/plain", lambda text: text),
    "code": (None, "application/json",
             lambda text: json.dumps({"error": text, "error_description": text, "error_codes": [text, 1]})),
}


class handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, shown, usual):
        status, kind = self.path.split("/")[1:3]
        fixed, content_type, body_of = ANSWERS[kind]
        body = (body_of or usual)(shown).encode()
        self.send_response(fixed or int(status), "As you said")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if kind == "redirect":
            self.send_header("Location", f"https://elsewhere.example/{shown}?{shown}#{shown}")
        if status == "401":
            self.send_header("WWW-Authenticate", f'Bearer realm="{shown}", error="{shown}"')
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(self.headers["Authorization"], graph_error)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(body, token_error)


def echoing(folder):
    """A context with its URL and the root that its certificate is verified with. URL/STATUS/KIND answers so, for Graph
    and for tokens."""
    return serving(handler, folder, "echoing")
