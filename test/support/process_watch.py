"""What a process takes while it runs, as Linux tells in /proc."""
import os
import pathlib

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(process):
    return int(pathlib.Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE


def open_descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))
