"""Stand-ins for Azure's endpoints of managed identities, from the documented exchanges.

Each yields an `endpoint`: `url`, `environment` (what Azure would set for a process), `requests` (seen so far).
Sources: Entra's page "how-to-use-vm-token", App Service's "overview-managed-identity", Arc's
"managed-identity-authentication".
"""
import contextlib
import http.server
import json
import pathlib
import secrets
import threading
import time
import urllib.parse

IDENTITIES = {"imds": ("client_id", "object_id", "msi_res_id", "mi_res_id"),
              "app_service": ("client_id", "principal_id", "object_id", "mi_res_id"),
              "app_service_2017": ("clientid",), "arc": ()}
VERSIONS = {"imds": "2018-02-01", "app_service": "2019-08-01", "app_service_2017": "2017-09-01", "arc": "2020-06-01"}
PATHS = {"imds": "/metadata/identity/oauth2/token", "app_service": "/msi/token", "app_service_2017": "/MSI/token/",
         "arc": "/metadata/identity/oauth2/token"}


class endpoint:
    """A server on a free loopback port. `first` are answers (status, body, fields) to be given before its own."""

    def __init__(self, kind, token, lifetime, identity, first):
        self.kind = kind
        self.token = token
        self.lifetime = lifetime
        self.identity = identity
        self.first = list(first)
        self.secret = secrets.token_hex(16)
        self.requests = []
        self.environment = {}
        self.key_file = None
        self.lock = threading.Lock()
        outer = self

        class handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.serve(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def serve(self, request):
        """Records the request and answers it."""
        parts = urllib.parse.urlsplit(request.path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        with self.lock:
            self.requests.append({"path": parts.path, "query": query, "headers": dict(request.headers)})
            planned = self.first.pop(0) if self.first else None
        status, body, fields = planned or self.answer(parts.path, query, request.headers)
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        for name, value in fields.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    def answer(self, path, query, headers):
        """What Azure's endpoint says."""
        if path != PATHS[self.kind]:
            return 404, "", {}
        if query.get("api-version") != VERSIONS[self.kind] or "resource" not in query:
            return refusal("invalid_request", "Required query parameter is missing or unsupported")
        wrong = self.wrong_field(headers)
        if wrong is not None:
            return wrong
        asked = {name: value for name, value in query.items() if name not in ("api-version", "resource")}
        if len(asked) > 1 or any(name not in IDENTITIES[self.kind] for name in asked):
            return refusal("invalid_request", "Unexpected query parameter")
        if asked != self.identity:
            return refusal("invalid_request", "Identity not found")
        return 200, self.token_answer(query["resource"]), {}

    def wrong_field(self, headers):
        """The answer to a request without the field that proves where it comes from, or nothing."""
        if self.kind == "app_service" and headers.get("X-IDENTITY-HEADER") != self.secret:
            return 401, {"statusCode": 401, "message": "X-IDENTITY-HEADER is missing or wrong"}, {}
        if self.kind == "app_service_2017" and headers.get("secret") != self.secret:
            return 401, {"statusCode": 401, "message": "secret is missing or wrong"}, {}
        if self.kind in ("imds", "arc") and headers.get("Metadata") != "true":
            return refusal("bad_request_102", "Required metadata header not specified")
        if self.kind == "arc" and headers.get("Authorization") != f"Basic {self.secret}":
            return 401, "", {"WWW-Authenticate": f"Basic realm={self.key_file}"}
        return None

    def token_answer(self, resource):
        """The body of a 200, with all numbers as text as Azure writes them."""
        expires_on = int(time.time()) + self.lifetime
        body = {"access_token": self.token, "resource": resource, "token_type": "Bearer"}
        if self.kind == "app_service":
            return {**body, "expires_on": str(expires_on), "client_id": "5e29463d-71da-4fe0-8e69-999b57db23b0"}
        if self.kind == "app_service_2017":
            return {**body, "expires_on": time.strftime("%m/%d/%Y %H:%M:%S +00:00", time.gmtime(expires_on))}
        return {**body, "expires_in": str(self.lifetime), "expires_on": str(expires_on), "refresh_token": "",
                "ext_expires_in": str(self.lifetime), "not_before": str(expires_on - self.lifetime - 300)}


def refusal(error, description):
    return 400, {"error": error, "error_description": description}, {}


@contextlib.contextmanager
def running(kind, token, lifetime, identity, first):
    """Serves until the block ends."""
    made = endpoint(kind, token, lifetime, identity or {}, first)
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()


@contextlib.contextmanager
def imds(token="token-1", lifetime=86399, identity=None, first=()):
    """A VM's metadata service. `identity` is the one there is, as the request names it: {"client_id": ID}; none is
    the system-assigned one."""
    with running("imds", token, lifetime, identity, first) as made:
        made.environment = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": made.url}
        yield made


@contextlib.contextmanager
def app_service(token="token-1", lifetime=86399, identity=None, first=()):
    """App Service, Functions or Container Apps."""
    with running("app_service", token, lifetime, identity, first) as made:
        made.environment = {"IDENTITY_ENDPOINT": made.url + PATHS["app_service"], "IDENTITY_HEADER": made.secret}
        yield made


@contextlib.contextmanager
def app_service_2017(token="token-1", lifetime=86399, identity=None, first=()):
    """App Service as it was: the expiry is a date."""
    with running("app_service_2017", token, lifetime, identity, first) as made:
        made.environment = {"MSI_ENDPOINT": made.url + PATHS["app_service_2017"], "MSI_SECRET": made.secret}
        yield made


@contextlib.contextmanager
def arc(folder, token="token-1", lifetime=86399, first=()):
    """The agent of Azure Arc with its key in `folder`. The command reads keys in the agent's own folder alone."""
    with running("arc", token, lifetime, None, first) as made:
        made.key_file = pathlib.Path(folder) / (secrets.token_hex(8) + ".key")
        made.key_file.write_text(made.secret)
        made.environment = {"IDENTITY_ENDPOINT": made.url + PATHS["arc"], "IMDS_ENDPOINT": made.url}
        yield made
