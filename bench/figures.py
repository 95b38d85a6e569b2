"""What the smaller measurements have in common: cores, rounds by turns, medians, tables, results as JSON."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "exchange_suite"), str(HERE.parent / "test" / "support")]

import server
from clients import Unavailable

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]


def options(name, description, rounds=5):
    """--rounds, --quick and --json, which each measurement has."""
    parser = argparse.ArgumentParser(prog=f"./dev bench {name}", description=description)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"of all contenders by turns ({rounds})")
    parser.add_argument("--quick", action="store_true", help="a moment only: shows that everything works")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also writes the figures there")
    return parser


def pin(core=CLIENT_CORE):
    """For preexec_fn."""
    os.sched_setaffinity(0, {core})


def run_pinned(command, **more):
    """A command on the client's core: its stdout and what it used. Ends everything where it fails."""
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True, preexec_fn=pin,
                          **more) as process:
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{pathlib.Path(command[0]).name} ended with code {process.returncode}:\n{said}")
    return said, used


def available(contenders):
    """Those that can be run here; says why the others cannot."""
    found = []
    for each in contenders:
        try:
            each.prepare()
        except Unavailable as why:
            print(f"without {each.name}: {why}", file=sys.stderr)
        else:
            found.append(each)
    return found


def by_turns(contenders, rounds):
    """(round, contender); each round begins with another one."""
    for number in range(rounds):
        first = number % len(contenders)
        for each in contenders[first:] + contenders[:first]:
            yield number, each


def spread(values, form="{:,.1f}"):
    """Median, least and most, as text."""
    return f"{form.format(statistics.median(values))} ({form.format(min(values))}-{form.format(max(values))})"


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def conditions():
    cpu = next((line.partition(":")[2].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    return {"date": datetime.date.today().isoformat(), "cpu": cpu, "cores": len(CORES), "kernel": platform.release(),
            "load_average": os.getloadavg()[0]}


def write_json(path, **what):
    if path:
        path.write_text(json.dumps({"conditions": conditions(), **what}, indent=1) + "\n")
