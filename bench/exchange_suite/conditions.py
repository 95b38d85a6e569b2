"""What a result was measured on and with. Nothing in it tells whose machine that was, or where its files are."""
import datetime
import os
import pathlib
import platform
import re
import subprocess

import clients
import server


def load():
    return [round(each, 2) for each in os.getloadavg()]


def processor():
    found = re.search(r"^model name\s*: (.+)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def commit():
    """Of what was measured; nothing where there is no repository."""
    ended = subprocess.run(["git", "describe", "--always", "--dirty=+changes"], cwd=server.ROOT, capture_output=True, text=True)
    return ended.stdout.strip()


def read(given, cores):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "server_core": cores[0],
        "client_core": cores[-1],
        "kernel": platform.release(),
        "system": system(),
        "compiler": clients.output_of("g++", "--version").splitlines()[0],
        "openssl": clients.openssl_version(),
        "nginx": clients.output_of("nginx", "-v").rpartition("/")[2],
        "tls": f"1.3, {server.CIPHER}",
        "answer_bytes": server.ANSWER.stat().st_size,
        "commit": commit(),
        "rounds": given.rounds,
        "seconds": given.seconds,
        "warm_up": given.warm_up,
        "connections": given.connections,
    }
