"""Runs Debian's squid and tinyproxy on free loopback ports, and proxies that do what a test says."""
import asyncio
import contextlib
import shutil
import socket
import ssl
import struct
import subprocess
import threading

from nginx import free_port


class real_proxy:
    """A running proxy: `port` and, once it has ended, `log`."""

    def __init__(self, port):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = ""


@contextlib.contextmanager
def running(command, made, ready, log):
    """Starts it in the foreground and waits until it says that it is ready."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    for line in process.stdout:
        said.append(line)
        if ready in line:
            break
    else:
        process.wait()
        raise RuntimeError(f"{command[0]} did not start: " + "".join(said))
    # It must not wait for a reader.
    drain = threading.Thread(target=lambda: said.extend(process.stdout))
    drain.start()
    try:
        yield made
    finally:
        process.terminate()
        process.wait()
        drain.join()
        process.stdout.close()
        made.log = log.read_text() if log.exists() else ""


def home_of(proxy, folder):
    """Where it has its files; run by root, squid gives up root before it reads and writes them."""
    home = folder / proxy
    home.mkdir()
    home.chmod(0o777)
    folder.chmod(0o755)
    return home


def has_squid():
    return shutil.which("squid") is not None


@contextlib.contextmanager
def squid(folder, rules="http_access allow all"):
    """`rules` say who may do what: authentication and http_access."""
    home = home_of("squid", folder)
    port = free_port()
    configuration = home / "squid.conf"
    configuration.write_text(f"""
        http_port 127.0.0.1:{port}
        {rules}
        http_access deny all
        cache deny all
        cache_mem 8 MB
        pid_filename none
        pinger_enable off
        coredump_dir {home}
        cache_log stdio:/dev/stderr
        access_log stdio:{home}/access.log
        log_mime_hdrs on
        visible_hostname proxy.test
        shutdown_lifetime 0 seconds
        """)
    with running(["squid", "-N", "-d", "1", "-f", str(configuration)], real_proxy(port),
                 "Accepting HTTP Socket connections", home / "access.log") as made:
        yield made


def squid_basic(folder, user, password):
    """Rules for squid: Basic authentication."""
    file = folder / "squid-users"
    crypted = subprocess.run(["openssl", "passwd", "-apr1", password], check=True, capture_output=True, text=True)
    file.write_text(f"{user}:{crypted.stdout.strip()}\n")
    return f"""auth_param basic program /usr/lib/squid/basic_ncsa_auth {file}
        auth_param basic realm proxy
        acl known proxy_auth REQUIRED
        http_access allow known"""


def squid_digest(folder):
    """Rules for squid: Digest authentication alone."""
    file = folder / "squid-digest"
    file.write_text("ada:proxy:0123456789abcdef0123456789abcdef\n")
    return f"""auth_param digest program /usr/lib/squid/digest_file_auth -c {file}
        auth_param digest realm proxy
        acl known proxy_auth REQUIRED
        http_access allow known"""


def has_tinyproxy():
    return shutil.which("tinyproxy") is not None


@contextlib.contextmanager
def tinyproxy(folder, rules=""):
    home = home_of("tinyproxy", folder)
    port = free_port()
    configuration = home / "tinyproxy.conf"
    configuration.write_text(f"Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 100\nLogLevel Info\n{rules}\n")
    with running(["tinyproxy", "-d", "-c", str(configuration)], real_proxy(port), "Accepting connections",
                 home / "none") as made:
        yield made


ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
TUNNEL = (ESTABLISHED, "tunnel")


class scripted_proxy:
    """A proxy whose tunnels lead to `port`. `answers` are pairs of bytes and what comes then: "tunnel", "close",
    "reset" or "hang"; the last one goes on. `seen` are the bytes of each connection that are not in a tunnel."""

    def __init__(self, port, answers=(TUNNEL,), tls=None):
        self.target = port
        self.answers = list(answers)
        self.tls = tls
        self.seen = []

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=self.tls))
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if self.tls else ''}://localhost:{self.port}"
        # A client that does not like the certificate is no news.
        self.loop.set_exception_handler(lambda *_: None)
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        left = asyncio.all_tasks(self.loop)
        self.loop.run_until_complete(self.end(left))
        self.loop.close()

    async def end(self, left):
        self.server.close()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0)  # in which transports close

    async def serve(self, reader, writer):
        with closed_in_the_end(writer), contextlib.suppress(OSError):
            await self.talk(reader, writer)

    async def talk(self, reader, writer):
        request = bytearray()
        number = len(self.seen)
        self.seen.append(request)
        while b"\r\n\r\n" not in request and (data := await reader.read(65536)):
            request += data
        answer, then = self.answers[min(number, len(self.answers) - 1)]
        writer.write(answer)
        await writer.drain()
        if then == "reset":
            # RST in place of FIN.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        elif then == "tunnel":
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.target)
            with closed_in_the_end(other_writer):
                await asyncio.gather(carry(reader, other_writer), carry(other_reader, writer))
        elif then == "hang":
            while data := await reader.read(65536):
                request += data


@contextlib.contextmanager
def closed_in_the_end(writer):
    try:
        yield
        writer.close()
    except asyncio.CancelledError:
        writer.transport.abort()
        raise


async def carry(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def tls_for(certificate, key):
    """What a proxy that is spoken to in TLS shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
