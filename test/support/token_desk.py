"""A token endpoint that gives one token to whoever asks, whatever the proof, and keeps what it was sent."""
import contextlib
import http.server
import json
import urllib.parse

from tls_server import serving


class desk:
    """`token_url`, `ca_file`, and the `forms` seen so far."""

    def __init__(self, token):
        self.token = token
        self.token_url = None
        self.ca_file = None
        self.forms = []


@contextlib.contextmanager
def token_desk(folder, token, tenant="contoso.com"):
    made = desk(token)

    class handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_POST(self):
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            made.forms.append(dict(urllib.parse.parse_qsl(form)))
            body = json.dumps({"token_type": "Bearer", "expires_in": 3599, "access_token": made.token}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(handler, folder, "desk") as (url, made.ca_file):
        made.token_url = f"{url}/{tenant}/oauth2/v2.0/token"
        yield made
