"""Row 18: `allot` through proxies that do what a test says, and what they get to see."""
import base64
import json
import pathlib
import unittest
import urllib.parse

from certificates import make_ca, make_leaf
from managed_identity import app_service, imds
from markers import marker_search
from proxies import ESTABLISHED, TUNNEL, scripted_proxy, tls_for
from secret_runs import FORMATS, issue_token, private_file, secret_test, source
from simulated import allot, login_options, read_journal, simulator

GRAPH, AUTHORITY = "graph.microsoft.com", "login.microsoftonline.com"
CREDENTIALS = "ada:open+sesame/of&40=thieves%20-0123456789"
ENCODED = base64.b64encode(CREDENTIALS.encode()).decode()
USER_INFO = "ada:" + urllib.parse.quote(CREDENTIALS[4:], safe="")
ANSWER = "HTTP/1.1 {}\r\nContent-Length: 0\r\n\r\n"


def port_of(said):
    return urllib.parse.urlsplit(said["graph_url"]).port


def who(said):
    """The login of a new user, to the real hosts."""
    return ["--ca-file", said["ca_file"], "--tenant", said["tenant"], "--client-id", said["client_id"],
            "--client-secret-file", said["client_secret_file"]]


def connect_line(head):
    return bytes(head).split(b"\r\n")[0].decode()


class row_18_proxy(secret_test):
    def setUp(self):
        super().setUp()
        server = simulator(20)
        self.said = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.port = port_of(self.said)
        self.first = self.said["ids"].read_text().split()[0]
        self.get = ["get", self.first, *who(self.said)]

    def proxy(self, *answers, **options):
        made = scripted_proxy(self.port, answers or (TUNNEL,), **options)
        made.__enter__()
        self.addCleanup(made.__exit__, None, None, None)
        return made

    def test_row_18_an_audit_asks_the_proxy_for_tunnels_alone(self):
        proxy = self.proxy()
        ended = allot("audit", self.said["ids"], *who(self.said), "--proxy", proxy.url)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        hosts = {AUTHORITY: 0, GRAPH: 0}
        for head in proxy.seen:
            host = connect_line(head).removeprefix("CONNECT ").removesuffix(":443 HTTP/1.1")
            hosts[host] += 1
            self.assertRegex(bytes(head).decode(), rf"^CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n"
                                                   r"User-Agent: allot/\S+\r\n\r\n$")
        self.assertEqual(hosts[AUTHORITY], 1)
        self.assertGreater(hosts[GRAPH], 0)
        seen = read_journal(self.said)
        self.assertEqual({entry["fields"]["Host"] for entry in seen}, {AUTHORITY, GRAPH})

    def test_row_18_credentials_go_to_the_proxy_and_nowhere_else(self):
        file = private_file(self.folder / "credentials", CREDENTIALS + "\n")
        ways = [
            (["--proxy-credentials-file", file, "--proxy"], {}),
            ([], {"HTTPS_PROXY": ""}),
            ([], {"https_proxy": ""}),
        ]
        for number, (options, environment) in enumerate(ways):
            proxy = self.proxy()
            if options:
                options = [*options, proxy.url]
            environment = {name: proxy.url.replace("://", f"://{USER_INFO}@") for name in environment}
            for command in (self.get, ["whoami", *who(self.said)], ["audit", "--all", *who(self.said)]):
                code, err = self.run_command(
                    [*command, *options, *FORMATS[number % 2]], environment=environment)
                self.assertEqual(code, 0, err)
            self.assertGreater(len(proxy.seen), 4)
            for head in proxy.seen:
                self.assertIn(f"\r\nProxy-Authorization: Basic {ENCODED}\r\n".encode(), bytes(head))
        for entry in read_journal(self.said):
            self.assertNotIn("roxy", json.dumps(entry))
        self.assert_no_markers(marker_search({"the proxy's password": CREDENTIALS[4:], "its credentials": CREDENTIALS}),
                               self.said["journal"])

    def test_row_18_credentials_of_a_descriptor(self):
        proxy = self.proxy()
        using = source("proxy credentials", descriptor=("--proxy-credentials-file", CREDENTIALS))
        code, err = self.run_command([*self.get, "--proxy", proxy.url], using)
        self.assertEqual(code, 0, err)
        self.assertEqual(len(proxy.seen), 2, "Graph and the token endpoint share what is read once")
        for head in proxy.seen:
            self.assertIn(ENCODED.encode(), bytes(head))

    def test_row_18_credentials_on_the_command_line_are_refused(self):
        code, err = self.run_command([*self.get, "--proxy", f"http://{USER_INFO}@localhost:1"])
        self.assertEqual(code, 2, err)
        self.assertIn("--proxy-credentials-file FILE, or the whole URL in HTTPS_PROXY", err)
        for url in (f"http://{USER_INFO}%zz@localhost:1", f"socks5://{USER_INFO}@localhost:1"):
            code, err = self.run_command(self.get, environment={"HTTPS_PROXY": url})
            self.assertEqual(code, 2, err)
            self.assertIn("HTTPS_PROXY", err)
        self.assert_no_markers(marker_search({"the proxy's password": CREDENTIALS[4:]}))

    def test_row_18_a_file_that_others_can_read_is_warned_of(self):
        file = self.folder / "open"
        file.write_text(CREDENTIALS)
        file.chmod(0o644)
        _, err = self.run_command([*self.get, "--proxy", self.proxy().url, "--proxy-credentials-file", file])
        self.assertIn("--proxy-credentials-file", err)
        self.assertIn("has mode 0644", err)

    def test_row_18_no_proxy(self):
        proxy = self.proxy()
        direct = ["--connect-to", f"{AUTHORITY}:443:127.0.0.1:{self.port}",
                  "--connect-to", f"{GRAPH}:443:127.0.0.1:{self.port}"]
        for entries, through in [
                ("*", []), (".microsoft.com,microsoftonline.com", []), (AUTHORITY, [GRAPH]),
                (f"{GRAPH}:443 {AUTHORITY}:8443", [AUTHORITY]), ("127.0.0.1,127.0.0.0/8", [AUTHORITY, GRAPH])]:
            for environment in ({"HTTPS_PROXY": proxy.url, "NO_PROXY": entries}, {"no_proxy": entries}):
                proxy.seen.clear()
                options = [] if "HTTPS_PROXY" in environment else ["--proxy", proxy.url]
                ended = allot(*self.get, *direct, *options, environment=environment)
                self.assertEqual(ended.returncode, 0, (entries, ended.stderr))
                # What --connect-to says is for the proxy to connect to.
                self.assertEqual([connect_line(head) for head in proxy.seen],
                                 [f"CONNECT 127.0.0.1:{self.port} HTTP/1.1"] * len(through), entries)

    def test_row_18_this_machine_is_never_reached_through_a_proxy(self):
        proxy = self.proxy()
        for url in (self.said["graph_url"], f"https://localhost:{self.port}"):
            said = {**self.said, "graph_url": url, "token_url": url + urllib.parse.urlsplit(self.said["token_url"]).path}
            for options, environment in ((["--proxy", proxy.url], {}), ([], {"HTTPS_PROXY": proxy.url})):
                ended = allot("get", self.first, *login_options(said), *options, environment=environment)
                self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(proxy.seen, [])

    def test_row_18_managed_identities_are_never_asked_through_a_proxy(self):
        secret = pathlib.Path(self.said["client_secret_file"]).read_text()
        token = issue_token(self.said, secret)
        for endpoint in (imds, app_service):
            with endpoint(token) as identity:
                proxy = self.proxy()
                ended = allot("get", self.first, "--auth", "managed", "--ca-file", self.said["ca_file"],
                              environment={**identity.environment, "HTTPS_PROXY": proxy.url})
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertTrue(identity.requests)
                self.assertEqual([connect_line(head) for head in proxy.seen], [f"CONNECT {GRAPH}:443 HTTP/1.1"])

    def test_row_18_what_a_proxy_says_is_told_as_the_proxys(self):
        basic = "HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
        for answer, then, words in [
                (ANSWER.format("403 Forbidden"), "close", "does not allow this host (403)"),
                (basic, "close", "asks for a user and a password (407): give the proxy's credentials "),
                (basic.replace("Basic", "Negotiate"), "close", "offers Negotiate, but only Basic is spoken"),
                (ANSWER.format("302 Found").replace("\r\n\r\n", "\r\nLocation: https://portal.example/\r\n\r\n"), "close",
                 "redirects (302), which is not followed"),
                (ANSWER.format("502 Bad Gateway"), "hang", "could not connect there (502)"),
                (ANSWER.format("503 Busy"), "close", "could not connect there (503)"),
                (ANSWER.format("504 Late"), "close", "could not connect there (504)"),
                (ESTABLISHED.decode() + "garbage", "hang", "bytes after the end of the answer"),
                ("HTTP/1.1 200 OK\r\nX: " + "x" * 50_000 + "\r\n\r\n", "hang", "exceed 32 KiB"),
                ("SSH-2.0-OpenSSH\r\n", "hang", "breaks a rule of HTTP"),
                ("", "close", "without an answer"),
                ("HTTP/1.1 200 OK\r\n", "close", "in the middle of its answer"),
                ("", "reset", "Connection reset by peer")]:
            proxy = self.proxy((answer.encode(), then))
            ended = allot("get", self.first, "--ca-file", self.said["ca_file"], "--proxy", proxy.url,
                          "--max-attempts", "2", environment={"ALLOT_TOKEN": "a-token"})
            self.assertIn(f"proxy localhost:{proxy.port}, asked to connect to {GRAPH}:443: ", ended.stderr)
            self.assertIn(words, ended.stderr)
            final = "(4" in words or "(3" in words or "Negotiate" in words or "32 KiB" in words
            self.assertEqual(len(proxy.seen), 1 if final else 2, ended.stderr)
            refused = final and "32 KiB" not in words
            self.assertEqual(ended.returncode, 3 if refused else 1, ended.stderr)

    def test_row_18_a_proxy_that_hangs(self):
        proxy = self.proxy((b"", "hang"))
        ended = allot("get", self.first, "--ca-file", self.said["ca_file"], "--proxy", proxy.url,
                      "--deadline", "300ms", environment={"ALLOT_TOKEN": "a-token"})
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertIn(f"proxy localhost:{proxy.port}", ended.stderr)

    def test_row_18_an_audit_stops_where_the_proxy_refuses_everything(self):
        proxy = self.proxy((ANSWER.format("403 X").encode(), "close"))
        ids = self.folder / "ids"
        ids.write_text("".join(f"a-{number}\n" for number in range(3000)))
        store = self.folder / "audit.db"
        ended = allot("audit", ids, "--store", store, "--ca-file", self.said["ca_file"], "--proxy", proxy.url,
                      environment={"ALLOT_TOKEN": "a-token"})
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("does not allow this host (403)", ended.stderr)
        self.assertLess(len(proxy.seen), 1000)
        status = json.loads(allot("status", store, "--json").stdout)
        self.assertEqual(status["rows"], 0, status)

    def test_row_18_setbacks_of_a_proxy_cost_no_row(self):
        bad = [(ANSWER.format("503 X").encode(), "close"), (b"", "reset"), (b"", "close"), TUNNEL, TUNNEL,
               (ESTABLISHED, "reset"), (ANSWER.format("502 X").encode(), "hang"), (ESTABLISHED + b"x", "hang")]
        proxy = self.proxy(*bad, *bad, TUNNEL)
        ended = allot("audit", self.said["ids"], *who(self.said), "--proxy", proxy.url)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(len(ended.stdout.splitlines()), 20)

    def test_row_18_a_proxy_in_tls(self):
        ca = make_ca(self.folder, "proxy-ca")
        both = self.folder / "roots.pem"
        both.write_bytes(pathlib.Path(self.said["ca_file"]).read_bytes() + ca[0].read_bytes())
        roots = ["--ca-file", both]
        proxy = self.proxy(tls=tls_for(*make_leaf(self.folder, ca, "proxy")))
        command = ["audit", self.said["ids"], *who(self.said)[2:], *roots, "--proxy", proxy.url]
        file = private_file(self.folder / "credentials", CREDENTIALS)
        ended = allot(*command, "--proxy-credentials-file", file)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(len(ended.stdout.splitlines()), 20)
        for head in proxy.seen:
            self.assertTrue(head.startswith(b"CONNECT "))
            self.assertIn(f"\r\nProxy-Authorization: Basic {ENCODED}\r\n".encode(), bytes(head))

        # The certificate of another name: it does not even get the CONNECT.
        other = self.proxy(tls=tls_for(*make_leaf(self.folder, ca, "other", "DNS:other.example")))
        ended = allot(*command[:-1], other.url, "--proxy-credentials-file", file)
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn(f"TLS with proxy localhost:{other.port}: the certificate of localhost is not accepted", ended.stderr)
        self.assertEqual(other.seen, [])

        for answer, then, words in [
                (ANSWER.format("407 X"), "close", "offers no scheme"), ("", "close", "without an answer"),
                (ESTABLISHED.decode() + "x", "hang", "bytes after the end"),
                (ESTABLISHED.decode(), "close", f"TLS with {GRAPH} through proxy localhost:")]:
            bad = self.proxy((answer.encode(), then), tls=proxy.tls)
            ended = allot("get", self.first, *roots, "--proxy", bad.url, "--max-attempts", "1",
                          environment={"ALLOT_TOKEN": "a-token"})
            self.assertIn(words, ended.stderr)


if __name__ == "__main__":
    unittest.main()
