"""Runs Debian's nginx on a free loopback port with TLS."""
import contextlib
import json
import os
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

    def requests(self):
        with open(self.folder / "access.log") as lines:
            return [json.loads(line) for line in lines]


@contextlib.contextmanager
def nginx(folder, certificate, key, locations, tls="ssl_protocols TLSv1.2 TLSv1.3;"):
    """`locations` is the inside of a server block."""
    port = free_port()
    fields = ",".join(f'"{name}":"$http_{name}"' for name in LOGGED)
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
        pid {folder}/nginx.pid;
        error_log {folder}/error.log;
        worker_processes 1;
        events {{ worker_connections 512; }}
        http {{
            log_format fields escape=json '{{"method":"$request_method","target":"$request_uri",'
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
    command = ["nginx", "-p", str(folder), "-c", str(configuration), "-e", str(folder / "error.log")]
    # In the background by its own doing: when the command returns, it listens.
    started = subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    if started.returncode != 0:
        raise RuntimeError("nginx did not start: " + started.stderr)
    try:
        yield server(folder, port)
    finally:
        master = os.pidfd_open(int((folder / "nginx.pid").read_text()))
        subprocess.run([*command, "-s", "quit"], stderr=subprocess.DEVNULL, check=False)
        # Its log is complete once it has ended.
        select.select([master], [], [], 30)
        os.close(master)
