"""Runs Debian's nginx on a free loopback port with TLS."""
import contextlib
import json
import os
import pathlib
import select
import socket
import subprocess


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Every request field that the client sends; a test compares them with what the simulator saw.
LOGGED = ["host", "user_agent", "accept", "prefer", "authorization", "client_request_id", "connection",
          "x_ms_throttle_priority", "content_length", "transfer_encoding", "accept_encoding", "cookie"]


class server:
    """A running nginx: `url`, and `requests()` as it logged them."""

    def __init__(self, folder, port):
        self.folder = folder
        self.port = port
        self.url = f"https://localhost:{port}"
        self.command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]

    def requests(self):
        with open(self.folder / "access.log") as lines:
            return [json.loads(line) for line in lines]

    def start(self):
        # In the background by its own doing: when the command returns, it listens.
        started = subprocess.run(self.command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        if started.returncode != 0:
            raise RuntimeError("nginx did not start: " + started.stderr)

    def master(self):
        return int((self.folder / "nginx.pid").read_text())

    def workers(self):
        """Their process ids. The command that starts nginx returns when it listens, which is before it has any."""
        children = pathlib.Path(f"/proc/{self.master()}/task/{self.master()}/children")
        while not (found := children.read_text().split()):
            os.sched_yield()
        return [int(each) for each in found]

    def stop(self, how="stop"):
        """Ends it: "stop" cuts what it is doing, "quit" lets it end. Its log is complete then."""
        master = os.pidfd_open(self.master())
        subprocess.run([*self.command, "-s", how], stderr=subprocess.DEVNULL, check=False)
        select.select([master], [], [], 30)
        os.close(master)

    def reload(self):
        """Reads the files of its configuration again. When this returns, new connections get what is in them, and
        each old one ends with the answer to the request that it carries."""
        old = self.workers()
        subprocess.run([*self.command, "-s", "reload"], stderr=subprocess.DEVNULL, check=True)
        while any(is_serving(worker) for worker in old):
            pass


def is_serving(worker):
    """Whether a worker process of nginx takes new connections; it says so in its title."""
    try:
        return b"shutting down" not in pathlib.Path(f"/proc/{worker}/cmdline").read_bytes()
    except OSError:
        return False


@contextlib.contextmanager
def nginx(folder, certificate, key, locations, tls="ssl_protocols TLSv1.2 TLSv1.3;"):
    """`locations` is the inside of a server block."""
    port = free_port()
    fields = ",".join(f'"{name}":"$http_{name}"' for name in LOGGED)
    (folder / "nginx.conf").write_text(f"""
        pid {folder}/nginx.pid;
        error_log {folder}/error.log;
        worker_processes 1;
        events {{ worker_connections 4096; }}
        http {{
            log_format fields escape=json '{{"method":"$request_method","target":"$request_uri",'
                '"worker":$pid,"connection_number":$connection,'
                '"protocol":"$ssl_protocol","resumed":"$ssl_session_reused",'
                '"sent_encoding":"$sent_http_content_encoding",{fields}}}';
            access_log {folder}/access.log fields;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            server {{
                listen 127.0.0.1:{port} ssl;
                ssl_certificate {certificate};
                ssl_certificate_key {key};
                {tls}
                {locations}
            }}
        }}""")
    running = server(folder, port)
    running.start()
    try:
        yield running
    finally:
        running.stop("quit")
