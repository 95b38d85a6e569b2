"""The server of the suite: Debian's nginx on one core, with one documented answer for every assignment."""
import contextlib
import json
import os
import pathlib
import socket
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "test" / "support"))
import certificates
import nginx

ANSWER = ROOT / "test" / "fixtures" / "graph" / "allotment-for-assignment.json"
CIPHER = "TLS_AES_256_GCM_SHA384"
MODULES = pathlib.Path("/usr/lib/nginx/modules")
# For $batch; Debian's package libnginx-mod-http-lua.
LUA = [MODULES / "ndk_http_module.so", MODULES / "ngx_http_lua_module.so"]
TICKS = os.sysconf("SC_CLK_TCK")

# Answers the items that a request has, in its order, each as a single GET is answered.
BATCH = """
    location = "/beta/$batch" {
        client_max_body_size 1m;
        client_body_buffer_size 1m;
        content_by_lua_block {
            ngx.req.read_body()
            local items = {}
            for id in ngx.req.get_body_data():gmatch('"id"%s*:%s*"([^"]+)"') do
                items[#items + 1] = '{"id":"' .. id .. item
            end
            local body = '{"responses":[' .. table.concat(items, ",") .. ']}'
            ngx.header["Content-Type"] = "application/json"
            ngx.header["Content-Length"] = #body
            ngx.print(body)
        }
    }"""


def has_lua():
    return all(path.exists() for path in LUA)


def without_envelope(answer):
    """The same as the generated SDKs read it: they know of no `value` around an allotment."""
    return json.dumps(json.loads(answer)["value"], indent=2)


def configuration(folder, port, certificate, key, answer, status):
    modules = "".join(f"load_module {path};\n" for path in LUA) if has_lua() else ""
    lua = ""
    if has_lua():
        body = answer.strip()
        lua = (f"init_by_lua_block {{ item = [=[\",\"status\":{status},"
               f"\"headers\":{{\"Content-Type\":\"application/json\"}},\"body\":{body}}}]=] }}")
    return f"""
        {modules}
        pid {folder}/nginx.pid;
        error_log {folder}/error.log;
        worker_processes 1;
        events {{ worker_connections 2048; }}
        http {{
            access_log off;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            keepalive_requests 1000000000;
            keepalive_timeout 1h;
            {lua}
            server {{
                listen 127.0.0.1:{port} ssl http2;
                ssl_certificate {certificate};
                ssl_certificate_key {key};
                ssl_protocols TLSv1.3;
                ssl_conf_command Ciphersuites {CIPHER};
                default_type application/json;
                location /beta/ {{ return {status} '{answer}'; }}
                location /bare/beta/ {{ return {status} '{without_envelope(answer)}'; }}
                {BATCH if has_lua() else ""}
            }}
            server {{
                listen unix:{folder}/status.sock;
                location / {{ stub_status; }}
            }}
        }}"""


class Server:
    def __init__(self, running, folder, ca, core):
        self.url = running.url
        self.ca_file = ca
        self._status = str(folder / "status.sock")
        self._own = 0
        self.requests()  # an answer of the worker, which is there then
        self.worker = running.workers()[0]
        os.sched_setaffinity(self.worker, {core})

    def requests(self):
        """How many it has answered, without these questions."""
        self._own += 1
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._status)
            line.sendall(b"GET / HTTP/1.0\r\n\r\n")
            said = line.makefile("rb").read().decode()
        return int(said.partition("server accepts handled requests")[2].split()[2]) - self._own

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextlib.contextmanager
def serve(core, answer=None, status=200):
    """Where another answer or status is given, clients get what they must take for wrong."""
    answer = answer or ANSWER.read_text()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        ca = certificates.make_ca(folder)
        certificate, key = certificates.make_leaf(folder, ca)
        port = nginx.free_port()
        (folder / "nginx.conf").write_text(configuration(folder, port, certificate, key, answer, status))
        running = nginx.server(folder, port)
        running.start()
        try:
            yield Server(running, folder, ca[0], core)
        finally:
            running.stop()
