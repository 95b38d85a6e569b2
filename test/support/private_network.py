"""A network of the test process's own: network and mount namespaces, with its own names and black holes.

For tests of what no loopback address can show. Its children live in it too.
"""
import ctypes
import os
import pathlib
import subprocess
import tempfile
import unittest

NEW_MOUNTS, NEW_USERS, NEW_NETWORK = 0x00020000, 0x10000000, 0x40000000

# Routed to a machine that is not there: packets vanish, as behind a firewall that drops them.
SILENT_IPV4 = "192.0.2.9"
SILENT_IPV6 = "2001:db8::9"


class private_network:
    """`hosts(text)` and `resolver(text)` set the files of these names."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.files = {}
        run("mount", "--make-rprivate", "/")
        for name in ("hosts", "resolv.conf", "nsswitch.conf"):
            self.files[name] = pathlib.Path(self.folder.name) / name
            self.files[name].write_text("")
            run("mount", "--bind", self.files[name], f"/etc/{name}")
        self.files["nsswitch.conf"].write_text("passwd: files\ngroup: files\nhosts: files dns\n")
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
        for end in ("near", "far"):
            run("ip", "link", "set", end, "up")
        run("ip", "address", "add", "192.0.2.1/24", "dev", "near")
        run("ip", "address", "add", "2001:db8::1/64", "dev", "near", "nodad")
        for address in (SILENT_IPV4, SILENT_IPV6):
            # An Ethernet address that `far` does not have.
            run("ip", "neighbour", "add", address, "lladdr", "02:00:00:00:00:09", "dev", "near")

    def hosts(self, text):
        self.files["hosts"].write_text(text)

    def resolver(self, text):
        self.files["resolv.conf"].write_text(text)

    def link(self, state):
        """Takes the loopback link "down", or "up" again: nothing that listens here is reached meanwhile, and what is
        sent on connections that are there gets lost."""
        run("ip", "link", "set", "lo", state)

    def close(self):
        for name in self.files:
            run("umount", f"/etc/{name}")
        self.folder.cleanup()


def run(*command):
    try:
        subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise unittest.SkipTest(f"no private network: {getattr(problem, 'stderr', None) or problem}") from problem


def enter():
    """Takes this process, which has no other thread yet, into a network of its own; else the tests are skipped."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_MOUNTS | NEW_NETWORK) == 0:
        return private_network()
    if libc.unshare(NEW_USERS | NEW_MOUNTS | NEW_NETWORK) != 0:
        why = os.strerror(ctypes.get_errno())
        raise unittest.SkipTest(f"this system gives no network namespace of its own: {why}")
    pathlib.Path("/proc/self/setgroups").write_text("deny")
    pathlib.Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    pathlib.Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    return private_network()
