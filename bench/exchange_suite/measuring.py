"""Runs one client once, on a core of its own, and takes what it used."""
import dataclasses
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time

from server import TICKS
from simulated import ENVIRONMENT

LOOK_S = 0.1
PATIENCE_S = 60


class Watch:
    """Looks at a running client and at the server now and then."""

    def __init__(self, pid, server, job):
        self.pid = pid
        self.server = server
        self.pause = min(LOOK_S, job.seconds / 10)
        self.peak_kib = 0
        self.looks = []  # (time, CPU seconds of the server)

    def look(self):
        self.looks.append((time.monotonic(), self.server.cpu_seconds()))
        try:
            lines = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return
        # Of the program itself; what wait4 says begins with the peak of whoever started it.
        for line in lines.splitlines():
            if line.startswith("VmHWM:"):
                self.peak_kib = max(self.peak_kib, int(line.split()[1]))

    def server_share(self, seconds):
        """How much of its core the server used in the last `seconds`."""
        end, used = self.looks[-1]
        begin, before = min(self.looks, key=lambda look: abs(look[0] - (end - seconds)))
        return (used - before) / (end - begin) if end > begin else 0.0


def cpu_of(pid):
    """Seconds of all threads in user and in kernel mode, so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    exact = 0
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        exact += int((thread / "schedstat").read_text().split()[0])
    # The ticks say how it divides, and no more.
    share = user / (user + system) if user + system else 0.5
    return exact / 1e9 * share, exact / 1e9 * (1 - share)


def wait(watch, until=None):
    """Until the client ends, or until a time."""
    end = os.pidfd_open(watch.pid)
    try:
        begin = time.monotonic()
        while True:
            watch.look()
            left = watch.pause if until is None else min(watch.pause, until - time.monotonic())
            if left <= 0 or select.select([end], [], [], left)[0]:
                return
            if time.monotonic() - begin > PATIENCE_S:
                signal.pidfd_send_signal(end, signal.SIGKILL)
                sys.exit(f"a client does not end: it was given {PATIENCE_S} s")
    finally:
        os.close(end)


def count_by_server(watch, job):
    """For a program that does not count: the answers are the server's, from the end of the warm-up on."""
    wait(watch, time.monotonic() + job.warm_up)
    at, answers = time.monotonic(), watch.server.requests()
    user, system = cpu_of(watch.pid)
    wait(watch)
    answers, seconds = watch.server.requests() - answers, time.monotonic() - at
    _, status, used = os.wait4(watch.pid, 0)
    return status, {"answers": answers, "seconds": seconds, "user_s": used.ru_utime - user,
                    "system_s": used.ru_stime - system}


def count_whole(watch, answers):
    begin = time.monotonic()
    wait(watch)
    seconds = time.monotonic() - begin
    _, status, used = os.wait4(watch.pid, 0)
    return status, {"answers": answers, "seconds": seconds, "user_s": used.ru_utime, "system_s": used.ru_stime}


def run(client, server, job, core):
    """The figures of one run. Ends the suite where an answer was wrong."""
    job = dataclasses.replace(job, warm_up=max(job.warm_up, client.warm_up if job.seconds >= 1 else 0))
    before = server.requests()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(
            [str(word) for word in client.command(job)], stdout=out, stderr=err,
            env={**ENVIRONMENT, **client.environment}, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        watch = Watch(process.pid, server, job)
        if client.counted == "itself":
            wait(watch)
            status, figures = os.waitpid(process.pid, 0)[1], None
        elif client.counted == "by the server":
            status, figures = count_by_server(watch, job)
        else:
            status, figures = count_whole(watch, client.answers(job))
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = out.read()
        if process.returncode != 0:
            sys.exit(f"{client.name} ended with code {process.returncode}:\n{said}{err.read()}")
    if wrong := client.check(said, job):
        sys.exit(wrong)
    return {**finished(figures or json.loads(said), watch), "server_requests": server.requests() - before}


def finished(figures, watch):
    answers, seconds = figures["answers"], figures["seconds"]
    if not answers:
        sys.exit("a client has counted no answer")
    cpu = figures["user_s"] + figures["system_s"]
    return {
        "answers": answers,
        "seconds": round(seconds, 4),
        "answers_per_s": round(answers / seconds, 1),
        "user_us": round(figures["user_s"] / answers * 1e6, 3),
        "system_us": round(figures["system_s"] / answers * 1e6, 3),
        "cpu_us": round(cpu / answers * 1e6, 3),
        "peak_mib": round(watch.peak_kib / 1024, 1),
        "client_share": round(cpu / seconds, 3),
        "server_share": round(watch.server_share(seconds), 3),
    }
